"""The staff's desk in words, for its page and the digest: what waits, and only what the person may see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.i18n import _, ngettext
from app.models import ThreadKind
from app.policy import Act, Actor, AnswerFacts, can, visible
from app.queries import desk
from app.queries.desk import Found
from app.templating import day, moment


@dataclass(frozen=True)
class Line:
    """One thing that waits; ``theirs`` are words of a respondent, which no letter carries."""

    who: str
    said: str
    path: str | None = None
    theirs: str = ""


@dataclass(frozen=True)
class Matter:
    """Things of one kind: how many, the first few, and the page with all of them."""

    key: str
    heading: str
    count: int
    lines: tuple[Line, ...]
    path: str | None = None


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see: since when answers are new, and whether only their own steps."""

    since: datetime
    today: date
    now: datetime
    only_mine: bool = False


def matters(session: Session, actor: Actor, wanted: Wanted) -> list[Matter]:
    """Everything that waits and that the person may see; what there is nothing of is left out."""
    found = [*_of_answers(session, actor, wanted.since)]
    if can(actor, Act.ANSWER_THREADS):
        found += _of_conversations(session)
    if _sees_single_answers(actor):
        found += _of_register(session)
    if can(actor, Act.READ_MAIL):
        found += _of_mail(session, wanted.now)
    if can(actor, Act.RECORD_CONTACT):
        found += _of_steps(session, actor, wanted)
    if can(actor, Act.READ_ROUNDS):
        found += _of_rounds(session, wanted.now)
    return [each for each in found if each.count]


def _of_answers(session: Session, actor: Actor, since: datetime) -> list[Matter]:
    some = desk.submitted(session, since)
    reads = _sees_single_answers(actor)
    heading = ngettext("%(num)s submitted", "%(num)s submitted", some.count)
    lines = tuple(
        Line(each.who, _moment(each), f"/responses/{each.id}/submitted" if reads else None)
        for each in some.few
    )
    return [Matter("submitted", heading, some.count, lines)]


def _of_conversations(session: Session) -> list[Matter]:
    found = desk.conversations(session)
    headings: Mapping[str, Callable[[int], str]] = {
        desk.REQUESTED: lambda n: ngettext("%(num)s request to decide", "%(num)s requests to decide", n),
        desk.ASKED: lambda n: ngettext("%(num)s question to IOM", "%(num)s questions to IOM", n),
        desk.ANSWERED: lambda n: ngettext(
            "%(num)s clarification answered", "%(num)s clarifications answered", n
        ),
    }
    return [
        Matter(
            key,
            heading(found[key].count),
            found[key].count,
            tuple(Line(each.who, _asked(each), f"/threads/{each.id}") for each in found[key].few),
            "/threads",
        )
        for key, heading in headings.items()
    ]


def _asked(found: Found) -> str:
    if found.words == ThreadKind.EXTENSION:
        return _("more time, asked for on %(day)s", day=day(found.at, found.zone))
    if found.words == ThreadKind.REOPENING:
        return _("an amendment, asked for on %(day)s", day=day(found.at, found.zone))
    return _("since %(day)s", day=day(found.at, found.zone))


def _of_register(session: Session) -> list[Matter]:
    found = desk.proposals(session)
    corrections, added = found[desk.CORRECTION], found[desk.MECHANISM]
    heading = ngettext(
        "%(num)s correction of the register", "%(num)s corrections of the register", corrections.count
    )
    named = ngettext("%(num)s mechanism to match", "%(num)s mechanisms to match", added.count)
    return [
        Matter(
            "corrections",
            heading,
            corrections.count,
            tuple(
                Line(each.who, _("since %(day)s", day=day(each.at, each.zone))) for each in corrections.few
            ),
            "/register",
        ),
        Matter(
            "mechanisms",
            named,
            added.count,
            tuple(
                Line(
                    each.who,
                    _("named on %(day)s", day=day(each.at, each.zone)),
                    f"/register/proposals/{each.id}",
                    each.words,
                )
                for each in added.few
            ),
            "/register",
        ),
    ]


def _of_mail(session: Session, now: datetime) -> list[Matter]:
    bounced, failed = desk.bounced(session), desk.failed_letters(session, now)
    return [
        *_of_sending(session, now),
        Matter(
            "bounced",
            ngettext("%(num)s address fails", "%(num)s addresses fail", bounced.count),
            bounced.count,
            tuple(Line(each.who, each.words, f"/people/{each.id}") for each in bounced.few),
            "/people?shown=failing",
        ),
        Matter(
            "failed",
            ngettext("%(num)s message was not sent", "%(num)s messages were not sent", failed.count),
            failed.count,
            tuple(
                Line(each.who, each.words or _("nobody knows whether it arrived"), _of_letter(each))
                for each in failed.few
            ),
        ),
    ]


def _of_sending(session: Session, now: datetime) -> list[Matter]:
    """That nothing sends letters, if it is so."""
    silent, waits = desk.sending(session, now)
    lines = []
    if silent is not None:
        said = _("was last at work on %(moment)s", moment=moment(silent))
        lines.append(Line(_("The worker that sends letters"), said))
    if waits is not None:
        lines.append(Line(_("The oldest letter"), _("waits since %(moment)s", moment=moment(waits))))
    heading = _("Letters are not sent at present")
    return [Matter("sending", heading, len(lines), tuple(lines), "/mail")]


def _of_letter(found: Found) -> str | None:
    return f"/rounds/{found.round_code}/mail/{found.id}" if found.round_code else None


def _of_steps(session: Session, actor: Actor, wanted: Wanted) -> list[Matter]:
    some, _mine = desk.next_steps(session, actor.user_id, wanted.today, only_mine=wanted.only_mine)
    return [
        Matter(
            "steps",
            ngettext("%(num)s next step is due", "%(num)s next steps are due", some.count),
            some.count,
            tuple(
                Line(
                    each.who,
                    f"{each.words} ({day(each.at)})",
                    f"/rounds/{each.round_code}/respondents/{each.code}",
                )
                for each in some.few
            ),
        )
    ]


def _of_rounds(session: Session, now: datetime) -> list[Matter]:
    some = desk.turning(session, now)
    return [
        Matter(
            "rounds",
            ngettext("%(num)s round turns", "%(num)s rounds turn", some.count),
            some.count,
            tuple(Line(each.who, _turn(each, now)) for each in some.few),
        )
    ]


def _turn(found: Found, now: datetime) -> str:
    at = _moment(found)
    over = isinstance(found.at, datetime) and found.at < now
    if found.kind == desk.OPENS:
        return _("was to be opened on %(moment)s", moment=at) if over else _("opens on %(moment)s", moment=at)
    if found.kind == desk.CLOSES:
        return (
            _("was to be closed on %(moment)s", moment=at) if over else _("closes on %(moment)s", moment=at)
        )
    return _("takes late answers until %(moment)s", moment=at)


def _moment(found: Found) -> str:
    return moment(found.at, found.zone) if isinstance(found.at, datetime) else day(found.at)


def _sees_single_answers(actor: Actor) -> bool:
    """Whether the person may read answers of any attribution, which a correction shows with its author."""
    return visible(AnswerFacts(UUID(int=0), "", submitted=True, attribution=None), actor)
