"""The differences between a form and what stands, as the page shows them: nothing is stored by looking."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from app.definitions.aligning import Budget
from app.definitions.comparing import compare
from app.definitions.questions import BaseQuestion
from app.definitions.schema import Questionnaire
from app.exports.forms.manifest import FormRefused, Manifest
from app.exports.forms.model import Spot
from app.exports.forms.written import Filled, Written, changed
from app.i18n import _
from app.queries import definitions
from app.web import transactions
from app.web.respond import form_proposals
from app.web.respond.differing import STEPS, marked
from app.web.respond.form_proposals import Proposal, kept, question_of
from app.web.respond.sheet import Sheet, author

MOST_SHOWN = 1_500
_TOLD = ("question added", "question removed", "option added", "option removed", "the words changed")


@dataclass(frozen=True)
class Difference:
    """One answer that the form would change: what stands, and what the form says, marked."""

    id: str
    question: str
    about: str
    stands: Markup
    becomes: Markup
    payload: str
    conflict: bool = False
    by: str = ""
    at: datetime | None = None
    language: str = "en"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """One place of the form that cannot be taken over, and what to do."""

    where: str
    remedy: str


@dataclass
class Reading:
    """What a form says against what stands."""

    differences: list[Difference]
    problems: list[Problem]
    changes: list[str]
    more: bool = False


def differences(found: Sheet, manifest: Manifest, written: Written) -> Reading:
    """Every difference and every problem. Raises FormRefused for a form of somebody else's."""
    if manifest.about.response != found.id:
        raise FormRefused(
            _("This form was made for other answers: of another respondent or of another round.")
        )
    changes = _changes(found, manifest)
    shown: list[Difference] = []
    problems: list[Problem] = []
    budget = Budget(STEPS)
    for filled, proposal, why in form_proposals.proposals(found, changed(manifest, written)):
        faults = why or _other_kind(found, filled, manifest)
        if faults:
            where = _where(found, filled, manifest)
            problems += [Problem(where, fault) for fault in faults]
        elif proposal is not None and not _stands_already(found, proposal):
            shown.append(_difference(found, proposal, filled.left_out, budget))
    return Reading(shown[:MOST_SHOWN], problems, changes, len(shown) > MOST_SHOWN)


def _other_kind(found: Sheet, filled: Filled, manifest: Manifest) -> list[str]:
    """That what was filled in is no answer to what is asked now, though the key is the same."""
    shipped = filled.shipped
    now, then = question_of(found, shipped), _asked_then(manifest, shipped.spot.group, shipped.key)
    if now is None or then is None or type(now[0]) is type(then):
        return []
    return [_("This is asked in another way now")]


def again(found: Sheet, proposals: Iterable[tuple[Proposal, str]]) -> list[Difference]:
    """The differences that are still open, with why each was not stored."""
    shown, budget = [], Budget(STEPS)
    for proposal, note in proposals:
        now = form_proposals.with_now(found, proposal)
        if question_of(found, now) is not None and not _stands_already(found, now):
            shown.append(_difference(found, now, (note,) if note else (), budget))
    return shown


def _stands_already(found: Sheet, proposal: Proposal) -> bool:
    there = kept(found, proposal)
    if there is None:
        return proposal.value is None
    return there.value == proposal.value and proposal.confirms in (None, there.confirms)


def _marked(before: str, after: str, budget: Budget) -> Markup:
    if not after:
        return _empty()
    return marked(before, after, budget) if before else escape(after)


def _difference(found: Sheet, proposal: Proposal, notes: Iterable[str], budget: Budget) -> Difference:
    asked = question_of(found, proposal)
    assert asked is not None  # noqa: S101 - looked up before
    question, cell = asked
    block = form_proposals.around(found, proposal.spot)
    there = kept(found, proposal)
    before = found.say(cell, there.value) if there and there.value is not None else ""
    after = found.say(cell, proposal.value) if proposal.value is not None else ""
    conflict = there is not None and there.revision != proposal.seen
    row = next((option.text for option in question.listed() if option.key == proposal.item), proposal.item)
    title = " · ".join(filter(None, (found.words(question.name, block), found.words(row, block))))
    entry = _entry(found, proposal.spot)
    return Difference(
        id=id_of(proposal),
        question=f"{entry}: {title}" if entry else title,
        about=found.subject_short(block) if block is not None else "",
        stands=escape(before) if before else _empty(),
        becomes=_marked(before, after, budget),
        payload=proposal.written(),
        conflict=conflict,
        by=author(there) if there else "",
        at=there.at if there else None,
        language=there.language if there else found.head.language,
        notes=tuple(notes),
    )


def _empty() -> Markup:
    return Markup('<span class="muted">{}</span>').format(_("Empty"))


def id_of(proposal: Proposal) -> str:
    """An id for the page that stays the same when the page is drawn again."""
    spot = proposal.spot
    return "-".join(
        str(each) for each in (spot.slot or spot.instance or "all", proposal.key, proposal.item or "0")
    )


def _entry(found: Sheet, spot: Spot) -> str:
    """“Effect 2”, “New effect”: which record of a list an answer is in."""
    group = found.questionnaire.places.get(spot.group or "")
    item = found.words(getattr(group.question, "item", None), None) if group is not None else ""
    if not item:
        return ""
    place = form_proposals.standing(found, spot)
    if place is None or place not in found.blocks:
        return _("New entry (%(item)s)", item=item)
    here = found.blocks[place]
    alike = [
        block.id
        for block in found.stored.blocks
        if (block.group_key, block.parent_id) == (here.group_key, here.parent_id)
    ]
    return f"{item[:1].upper()}{item[1:]} {alike.index(place) + 1}"


def _where(found: Sheet, filled: Filled, manifest: Manifest) -> str:
    """Which place of the form: the mechanism, the question, the row."""
    shipped = filled.shipped
    asked = question_of(found, shipped)
    question = asked[0] if asked else _asked_then(manifest, shipped.spot.group, shipped.key)
    block = (
        form_proposals.around(found, shipped.spot) if shipped.spot.instance in (None, *found.blocks) else None
    )
    words = found.words(question.name, block) if question is not None else shipped.key
    about = found.subject_short(block) if block is not None else ""
    return " · ".join(filter(None, (about, _entry(found, shipped.spot), words, shipped.item)))


def _asked_then(manifest: Manifest, group: str | None, key: str) -> BaseQuestion | None:
    """The question as the form's own questionnaire has it."""
    old = _questionnaire_of(manifest)
    try:
        return old.find(group, key) if old is not None else None
    except KeyError:
        return None


def _questionnaire_of(manifest: Manifest) -> Questionnaire | None:
    try:
        return definitions.of(transactions.session(), manifest.about.version)
    except LookupError:
        return None


def _changes(found: Sheet, manifest: Manifest) -> list[str]:
    """What changed in the questionnaire since the form was made, in sentences; none for a form of today's."""
    if manifest.about.digest == found.questionnaire.digest():
        return []
    old = _questionnaire_of(manifest)
    if old is None or old.key != found.questionnaire.key or old.audience != found.questionnaire.audience:
        raise FormRefused(_("This form is of another questionnaire. Download a new form."))
    sentences = [
        f"{_named(found, old, each.key)}: {_(each.what)}"
        for each in compare(old, found.questionnaire)
        if each.what in _TOLD or each.kind in ("narrowing", "forbidden")
    ]
    return list(dict.fromkeys(sentences)) or [_("Only its order or its small print changed.")]


def _named(found: Sheet, old: Questionnaire, address: str) -> str:
    """The words by which a reader knows what an address names."""
    bare = address.removeprefix("questions.")
    for questionnaire in (found.questionnaire, old):
        parts = bare.split(".")
        for length in (2, 1):
            place = questionnaire.places.get(".".join(parts[:length]))
            if place is not None:
                return found.words(place.question.name, None)
    return bare
