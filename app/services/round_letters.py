"""A letter about a round: the round's own words for its purpose, or the standard ones, filled for one person
at the moment it is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app import filling
from app.filling import one_line
from app.i18n import _
from app.models import MessagePurpose, Organisation, RepeatInstance, Response, Round, RoundProfile
from app.queries import names, round_texts
from app.services import placeholders, standard_words
from app.services.letter_writing import Links
from app.standing import Standing
from app.templating import clock, day, zone_name

Values = Mapping[str, str]


@dataclass(frozen=True)
class Reader:
    """Who reads the letter."""

    name: str
    locale: str = "en"


@dataclass(frozen=True)
class About:
    """What a letter is about: a response, its round, and how its respondent is called there."""

    round: Round
    response: Response
    organisation: str

    @property
    def deadline(self) -> datetime:
        """The respondent's own."""
        return self.response.due_at or self.round.closes_at


def about(session: Session, response_id: UUID) -> About:
    """The response with what a letter says of it. Raises NoResultFound."""
    response = session.get_one(Response, response_id)
    round_ = session.get_one(Round, response.round_id)
    return About(round_, response, names.of_respondent(session, response))


def compose(
    session: Session,
    purpose: MessagePurpose,
    of: About,
    reader: Reader,
    links: Links,
    given: Values,
    words: tuple[str, str] | None = None,
) -> tuple[str, str]:
    """Subject and text for one reader; ``given`` is what only the cause of the letter knows, ``words`` are
    others than those in force, to be tried.

    A round's own text that cannot be filled any more, because the list of placeholders has changed since,
    gives way to the standard words.
    """
    own = None if words else round_texts.for_reader(session, of.round.id, purpose, reader.locale)
    values = {**dict.fromkeys(placeholders.KNOWN[purpose], ""), **_common(of, reader, links), **given}
    standard = standard_words.of(purpose)
    subject, text = words or ((own.subject, own.body) if own else standard)
    if placeholders.check(purpose, subject, text):
        subject, text = standard
    if any(piece.name == "mechanisms" for piece in filling.pieces(text)):
        values["mechanisms"] = mechanisms(session, of)
    return filling.fill_line(subject, values), filling.fill(text, values).rstrip() + "\n"


def _common(of: About, reader: Reader, links: Links) -> Values:
    return {
        "name": one_line(reader.name),
        "organisation": one_line(of.organisation),
        "round": one_line(of.round.title),
        "deadline": deadline(of, reader.locale),
        "contact": contact(of.round, links),
    }


def deadline(of: About, locale: str = "en") -> str:
    """`23:59, 29 January 2027, Geneva time`."""
    at, zone = of.deadline, of.round.zone
    return f"{clock(at, zone)}, {day(at, zone, _language(locale))}, {zone_name(zone)}"


def _language(locale: str) -> str:
    return locale.replace("-", "_")


def contact(round_: Round, links: Links) -> str:
    """Whom to ask at IOM, a line for each way; the page that says how, where the round names nobody."""
    known = round_.contact or {}
    said = {key: one_line(str(known.get(key) or "")) for key in ("name", "email", "phone", "hours", "zone")}
    lines = [said["name"], said["email"], said["phone"]]
    if said["hours"]:
        zone = zone_name(said["zone"]) if said["zone"] else ""
        lines.append(", ".join(part for part in (said["hours"], zone) if part))
    return "\n".join(line for line in lines if line) or links.page("/ask-iom")


def mechanisms(session: Session, of: About) -> str:
    """The mechanisms about which the respondent is asked, a line each; a mechanism is asked about itself."""
    rows = session.execute(
        select(RoundProfile.facts, Organisation.name)
        .select_from(RepeatInstance)
        .join(Organisation, Organisation.id == RepeatInstance.subject_id)
        .outerjoin(
            RoundProfile,
            and_(RoundProfile.organisation_id == Organisation.id, RoundProfile.round_id == of.round.id),
        )
        .where(
            RepeatInstance.response_id == of.response.id,
            RepeatInstance.parent_id.is_(None),
            RepeatInstance.removed_at.is_(None),
        )
        .order_by(RepeatInstance.position, RepeatInstance.id)
    ).all()
    named = [one_line(str((facts or {}).get("name") or name)) for facts, name in rows]
    return "\n".join(f"- {name}" for name in dict.fromkeys(named)) or f"- {one_line(of.organisation)}"


def standing_words(standing: Standing) -> str:
    """Where answers stand, as the end of “the answers are …”."""
    return {
        Standing.IN_PROGRESS: _("begun, not submitted"),
        Standing.IN_CLEARANCE: _("waiting for clearance, not submitted"),
        Standing.NOT_SUBMITTED: _("begun, not submitted"),
        Standing.DECLINED: _("declined"),
    }.get(standing, _("not begun yet"))


def quoted(words: str) -> str:
    """IOM's words as a letter quotes them."""
    return "\n".join(f"> {line}".rstrip() for line in words.split("\n"))
