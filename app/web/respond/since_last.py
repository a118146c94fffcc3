"""Only what has changed: every answer of the round before on one page, to be confirmed, changed or ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.definitions import routing
from app.definitions.questions import File, Note
from app.definitions.routing import Path, ShownPage
from app.policy import Act, ResponseFacts
from app.services.answering import Conflict
from app.services.carrying_over import Said, Wanted, carry_over
from app.web import access, transactions
from app.web.respond import moving
from app.web.respond.blueprint import blueprint
from app.web.respond.earlier import Before, before
from app.web.respond.sheet import Sheet, facts, sheet

WITH_PROBLEMS = 422
STILL = "still"


@dataclass(frozen=True)
class Taken:
    """One earlier answer on the page: its question, where it is asked, and what was answered."""

    name: str
    instance: UUID | None
    key: str
    part: str
    label: str
    address: str | None
    before: Before


def taken(found: Sheet) -> list[Taken]:
    """Every answer of the round before to what is asked now, in the order of the questionnaire."""
    return list(_taken(found)) if found.head.answered_before else []


def _taken(found: Sheet) -> Iterator[Taken]:
    for page in _as_then(found).pages:
        instance = page.instance_id if isinstance(page.instance_id, UUID) else None
        if not found.may_edit(instance, page.section_key):
            continue
        part = found.subject_short(instance) if found.block_of(instance) else ""
        section = found.questionnaire.section(page.section_key)
        asked = found.path.find(page.section_key, page.page_key, instance) is not None
        for question in page.questions:
            if isinstance(question, Note | File):
                continue
            earlier = before(found, question, instance)
            if earlier is not None:
                yield Taken(
                    name=f"{instance or ''}/{question.key}",
                    instance=instance,
                    key=question.key,
                    part=part or found.words(section.title, None),
                    label=found.words(question.name, instance),
                    address=_address(found, page, question.key) if asked else None,
                    before=earlier,
                )


def _as_then(found: Sheet) -> Path:
    """What would be asked if every empty box held what was answered then, so that whoever confirms that they
    take part sees the rest of their answers at once.
    """
    blocks = {block.subject_id: block.id for block in found.stored.blocks if block.subject_id}
    answers = dict(found.plain_answers)
    for (subject, key), earlier in found.before.items():
        if subject is not None and subject not in blocks:
            continue
        instance = blocks[subject] if subject else None
        if earlier.own is not None:
            answers.setdefault((instance, key, ""), earlier.own.value)
        for item, sent in earlier.rows.items():
            answers.setdefault((instance, key, item), sent.value)
    return routing.path(found.questionnaire, answers, found.instances)


def _address(found: Sheet, page: ShownPage, key: str) -> str:
    return moving.address(found, page, changed=key) + f"#a-{key}-label"


@blueprint.get("/since-last")
@access.requires(Act.READ_RESPONSE, facts)
def since_last(response_id: UUID) -> ResponseReturnValue:
    """The answers of the round before of which nothing has been said yet, and those that are done."""
    found = sheet(response_id)
    rows = taken(found)
    if not rows or not found.editable or not found.is_own:
        return redirect(url_for("respond.overview", response_id=response_id))
    return _draw(found, rows, "")


def facts_where_one_writes(response_id: UUID) -> ResponseFacts | None:
    """What the policy must know of the first part in which the person may write, if there is one."""
    found = sheet(response_id)
    places = [
        (page.instance_id if isinstance(page.instance_id, UUID) else None, page.section_key)
        for page in found.path.pages
    ]
    return next((found.facts(*place) for place in places if found.may_edit(*place)), found.facts())


@blueprint.post("/since-last")
@access.requires(Act.EDIT_RESPONSE, facts_where_one_writes)
def take_up_again(response_id: UUID) -> ResponseReturnValue:
    """Confirm what is ticked, or end the one whose button was pressed."""
    found = sheet(response_id)
    rows = {row.name: row for row in taken(found)}
    ended, ticked = request.form.get("no_longer", ""), _ticked(list(rows.values()))
    if not ended and not ticked:
        return _draw(found, list(rows.values()), "nothing"), WITH_PROBLEMS
    said = Said.NO_LONGER if ended else Said.STILL_TRUE
    asked = [rows[name] for name in ([ended] if ended else ticked) if name in rows]
    wanted = [Wanted(row.instance, row.key, said) for row in asked if row.before.open]
    done = carry_over(transactions.session(), found.id, wanted, access.actor(), clock.now())
    transactions.commit()
    overtaken = len(wanted) < len(ticked) or any(isinstance(one, Conflict) for one in done)
    return redirect(
        url_for("respond.since_last", response_id=response_id, meanwhile="1" if overtaken else None)
    )


def _ticked(rows: list[Taken]) -> list[str]:
    """What is still true: what was ticked, or a whole part where its own button was pressed."""
    part = request.form.get("part")
    if part is None:
        return request.form.getlist(STILL)
    return [row.name for row in rows if row.part == part and row.before.open and row.before.fits]


def _draw(found: Sheet, rows: list[Taken], problem: str) -> str:
    waiting = [row for row in rows if row.before.open]
    parts: dict[str, list[Taken]] = {}
    for row in waiting:
        parts.setdefault(row.part, []).append(row)
    return render_template(
        "respond/since_last.html",
        sheet=found,
        zone=found.zone,
        parts=parts,
        waiting=len(waiting),
        done=len(rows) - len(waiting),
        round_code=rows[0].before.round_code if rows else "",
        problem=problem,
        has_errors=bool(problem),
        meanwhile="meanwhile" in request.args,
        still=STILL,
    )
