"""Saying that two texts became one by themselves: under the answer, on its page, and to the page's script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import request, url_for

from app.i18n import _
from app.queries import answer_history
from app.services.answering import Merged
from app.web import access, transactions
from app.web.respond.drawn import PageForm
from app.web.respond.saving import Outcome
from app.web.respond.sheet import Sheet

MOST_SAID = 20


@dataclass(frozen=True)
class Together:
    """One answer in which two texts were put together, for the banner of its page."""

    label: str
    sentence: str
    history: str


def sentence(by: str) -> str:
    """Who else wrote, and that nothing of it is gone."""
    if by == access.actor().name:
        return _("You changed another paragraph in another window; both are in the text now.")
    return _("%(name)s changed another paragraph; both are in the text now.", name=by)


def told(merged: Merged) -> Mapping[str, object]:
    """What the page's script is told: the text, its revision, and the one that holds what was sent."""
    return {
        "state": "merged",
        "revision": merged.revision,
        "typed": merged.typed,
        "value": merged.value,
        "message": sentence(merged.by),
    }


def of_outcome(form: PageForm, outcome: Outcome) -> list[Together]:
    """What was put together while the page was saved."""
    by = {name: merged.by for name, merged in outcome.merged.items()}
    return [_together(form.sheet, label, id_, by[name]) for name, label, id_ in _stored(form) if name in by]


def of_request(form: PageForm) -> list[Together]:
    """What was put together just before, as the page's address says."""
    if "merged" not in request.args:
        return []
    wanted = request.args["merged"].split(",")[:MOST_SAID]
    answers = {str(id_): id_ for _name, _label, id_ in _stored(form)}
    found = [answers[word] for word in wanted if word in answers]
    by = answer_history.merged(transactions.session(), found) if found else {}
    return [_together(form.sheet, label, id_, by[id_]) for _name, label, id_ in _stored(form) if id_ in by]


def keys(form: PageForm, outcome: Outcome) -> str:
    """The answers put together, for the address of the page that says so."""
    return ",".join(str(id_) for name, _label, id_ in _stored(form) if name in outcome.merged)


def _stored(form: PageForm) -> Iterator[tuple[str, str, UUID]]:
    """The answers of the page that are stored: name on the page, label, key."""
    for drawn in form.drawn:
        for one in drawn.fields():
            if one.slot.kept is not None:
                yield one.slot.name, drawn.label, one.slot.kept.id


def _together(sheet: Sheet, label: str, answer: UUID, by: str) -> Together:
    return Together(label, sentence(by), url_for("respond.history", response_id=sheet.id, answer_id=answer))
