"""From a posted page to the save service and back: only what the person changed is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from app import clock
from app.definitions.plain import Plain
from app.definitions.questions import Records
from app.models import Attribution, Via
from app.policy import Actor
from app.queries import answer_sheets
from app.services import answering, attributing, repeating
from app.services.answering import UNCHANGED, Change, Conflict, Merged, Refused, Saved
from app.web import transactions
from app.web.respond.drawn import PageForm
from app.web.respond.fields import AnswerField, chosen_attribution


@dataclass
class Outcome:
    """What became of each answer on a posted page, by name."""

    saved: dict[str, Saved] = field(default_factory=dict)
    merged: dict[str, Merged] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    same: dict[str, int] = field(default_factory=dict)
    """Answers that were left as they are, with the revision that the page showed."""


def save(form: PageForm, actor: Actor, via: Via, only: Iterable[str] | None = None) -> Outcome:
    """Save what was posted with the page, or only the answers named; nothing is committed.

    An answer whose posted value is the one it had at the revision that the page was drawn with was not
    touched: it is left alone, whatever a colleague did to it meanwhile. Raises ResponseLocked, NotAllowed.
    """
    wanted = None if only is None else set(only)
    fields = [one for one in form.fields() if one.posted and (wanted is None or one.slot.name in wanted)]
    outcome = Outcome()
    changes: dict[str, Change] = {}
    before = _before(fields)
    records: dict[str, UUID] = {}
    for one in fields:
        name = one.slot.name
        if one.unreadable:
            outcome.unreadable[name] = " ".join(one.problems)
        elif _untouched(one, before[name]):
            outcome.same[name] = one.seen
        else:
            changes[name] = _change(one, before[name], _instance(form, one, actor, records))
    begun = {
        _group(form, key) for key in records
    }  # a list that gets its first record no longer says that there are none
    changes = {name: change for name, change in changes.items() if change.question_key not in begun}
    if changes:
        _sort(outcome, changes, form, actor, via)
    _quote_records(form, actor, records, wanted)
    return outcome


def _sort(outcome: Outcome, changes: dict[str, Change], form: PageForm, actor: Actor, via: Via) -> None:
    done = answering.save_answers(
        transactions.session(),
        form.sheet.id,
        list(changes.values()),
        actor,
        via,
        clock.now(),
        merge=True,
        drawn_with=form.sheet.head.version_id,
    )
    for name, result in zip(changes, done, strict=True):
        if isinstance(result, Saved):
            outcome.saved[name] = result
        elif isinstance(result, Merged):
            outcome.merged[name] = result
        elif isinstance(result, Conflict):
            outcome.conflicts[name] = result
        elif isinstance(result, Refused):
            outcome.refused[name] = result.why


def _before(fields: list[AnswerField]) -> dict[str, Plain | None]:
    """What each answer was when the page was drawn."""
    older = [
        (one.slot.kept.id, one.seen)
        for one in fields
        if one.slot.kept is not None and 0 < one.seen < one.slot.revision
    ]
    found = answer_sheets.values_at(transactions.session(), older)
    values: dict[str, Plain | None] = {}
    for one in fields:
        kept = one.slot.kept
        if kept is None or one.seen == 0:
            values[one.slot.name] = None
        else:
            values[one.slot.name] = found.get((kept.id, one.seen), kept.value)
    return values


def _untouched(one: AnswerField, before: Plain | None) -> bool:
    return one.data == before and one.quoting is None


def _change(one: AnswerField, before: Plain | None, instance: UUID | None) -> Change:
    quoted_only = one.data == before and one.quoting is not None
    carried = one.changes.attribution if one.changes and one.quoting is None else None
    if carried is Attribution.BY_NAME:
        carried = None
    return Change(
        instance_id=instance,
        question_key=one.slot.key,
        item=one.slot.item,
        value=one.slot.stored if quoted_only else one.data,
        seen=one.slot.revision if quoted_only else one.seen,
        confirms=one.confirms,
        language=one.changes.language if one.changes else None,
        attribution=one.quoting or carried or UNCHANGED,
        carries=carried is not None,
    )


def _instance(form: PageForm, one: AnswerField, actor: Actor, made: dict[str, UUID]) -> UUID | None:
    """The block or record of an answer; a record that is not stored yet is made now."""
    where = one.slot.instance
    if not isinstance(where, str):
        return where
    if where not in made:
        made[where] = repeating.add_record(
            transactions.session(),
            form.sheet.id,
            _group(form, where),
            form.instance,
            actor,
            clock.now(),
            key=where,
            drawn_with=form.sheet.head.version_id,
        ).id
    return made[where]


def _group(form: PageForm, record: str) -> str:
    """The key of the list in which the page shows the record."""
    return next(
        drawn.question.key
        for drawn in form.drawn
        if isinstance(drawn.question, Records) and any(entry.id == record for entry in drawn.entries)
    )


def _quote_records(form: PageForm, actor: Actor, made: dict[str, UUID], wanted: set[str] | None) -> None:
    """Take over how whole records may be quoted, where the page says something new."""
    for drawn in form.drawn:
        for entry in drawn.entries:
            chosen = _chosen(form, entry.name)
            record = made.get(str(entry.id)) or _stored(form, str(entry.id))
            if chosen is None or record is None or (wanted is not None and entry.name not in wanted):
                continue
            attributing.choose(
                transactions.session(), form.sheet.id, chosen, actor, clock.now(), instance_id=record
            )


def _stored(form: PageForm, key: str) -> UUID | None:
    block = form.sheet.record(key)
    return block.id if block else None


def _chosen(form: PageForm, name: str) -> Attribution | None:
    if form.posted is None:
        return None
    controls = {key: form.posted.getlist(key) for key in (f"{name}.quoting", f"{name}.quoted")}
    return chosen_attribution(controls, name)
