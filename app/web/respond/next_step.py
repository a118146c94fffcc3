"""The one step that the overview offers: where whoever opens it goes on."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from app.i18n import _
from app.policy import Act, can
from app.web.respond.clearance import Cleared
from app.web.respond.sheet import Sheet
from app.web.respond.tasks import Progress

FINISHED = ("done", "inactive")


@dataclass(frozen=True)
class Step:
    """A button, and beside it what it leads to."""

    words: str
    url: str
    about: str = ""


def next_step(
    found: Sheet, tasks: Iterable[tuple[str, str | None, Progress]], clearing: Cleared | None
) -> Step | None:
    """Where to go on, in the order in which answers are written, chosen, cleared and submitted.

    Once clearance was asked for, what is still empty is left so on purpose. None when nothing waits for this
    person. ``tasks`` are the parts: title, address, how far.
    """
    if not found.editable:
        return None
    if clearing and clearing.state == "asked":
        return _in_clearance(found)
    if found.remarks and found.may_edit():
        return Step(_("See to the remarks"), _clearance(found), _("Next: what was said at clearance"))
    if found.may_sign and clearing and clearing.standing:
        return _signing(found, clearing)
    return _writing(tasks) or (_signing(found, clearing) if found.may_sign else None)


def _in_clearance(found: Sheet) -> Step | None:
    if not can(found.actor, Act.CLEAR_RESPONSE, found.facts()):
        return None
    return Step(_("Read and clear the answers"), _clearance(found))


def _writing(tasks: Iterable[tuple[str, str | None, Progress]]) -> Step | None:
    """The first part that is not finished; what is optional throughout is never pressed on anybody."""
    every = list(tasks)
    begun = any(progress.answered for _title, _url, progress in every)
    for title, url, progress in every:
        if url and progress.state not in FINISHED and (progress.asked or progress.wrong):
            words = _("Go on answering") if begun else _("Begin answering")
            return Step(words, url, _("Next: %(part)s", part=title))
    return None


def _signing(found: Sheet, clearing: Cleared | None) -> Step:
    if not found.head.attribution:
        return Step(_("Choose how you may be quoted"), url_for("respond.quoting", response_id=found.id))
    if clearing and clearing.stands_in_the_way:
        return Step(_("Go to clearance"), _clearance(found))
    return Step(_("Check and submit"), url_for("respond.check", response_id=found.id))


def _clearance(found: Sheet) -> str:
    return url_for("respond.clearance", response_id=found.id)
