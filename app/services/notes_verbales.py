"""Notes verbales of a round: for whom, with which reference, in the round's own words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.definitions import values
from app.filling import one_line
from app.i18n import _
from app.models import Audience, MessagePurpose, Response, Round
from app.policy import Act, Actor, can
from app.queries.round_people import Respondent
from app.services import auditing, round_letters
from app.services.errors import NotAllowed, NotPossible
from app.services.letter_writing import Links
from app.services.round_letters import Reader
from app.templating import day

LONGEST_REFERENCE = 60
_NOT_IN_A_NAME = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Words:
    """What stands on one note."""

    title: str
    text: str
    reference: str
    addressee: str


def reference_of(start: str, respondent: Respondent) -> str:
    """The reference of one respondent's note: the given beginning, and its code."""
    return f"{start}/{respondent.code}"


def checked_start(typed: str, round_: Round) -> str:
    """The beginning of the references; that of the round where nothing was typed. Raises NotPossible."""
    start = one_line(values.normalise(typed)) or f"NV/{round_.code}"
    if len(start) > LONGEST_REFERENCE:
        raise NotPossible(_("Shorten the reference to %(most)s characters", most=LONGEST_REFERENCE))
    return start


def addressee(respondent: Respondent) -> str:
    """Whom the note is for: a State's Permanent Mission, by the formal name that the register has of it."""
    formal = one_line(respondent.formal_name or respondent.name)
    return (
        _("the Permanent Mission of %(state)s", state=formal)
        if respondent.audience is Audience.STATE
        else formal
    )


def words(
    session: Session, respondent: Respondent, start: str, dated: date, locale: str, links: Links
) -> Words:
    """The note of one respondent."""
    about = round_letters.about(session, respondent.response_id)
    reference, whom = reference_of(start, respondent), addressee(respondent)
    given = {
        "addressee": whom,
        "reference": reference,
        "date": day(dated, locale=locale.replace("-", "_")),
        "link": links.page("/sign-in"),
    }
    reader = Reader(whom, locale)
    title, text = round_letters.compose(session, MessagePurpose.NOTE_VERBALE, about, reader, links, given)
    return Words(title, text, reference, whom)


def file_name(reference: str) -> str:
    """The name of a note's file."""
    return f"{_NOT_IN_A_NAME.sub('-', reference).strip('-.')}.docx"


def note_export(
    session: Session, round_: Round, written: Sequence[Respondent], start: str, by: Actor, now: datetime
) -> None:
    """Keep that these notes were taken away. Raises NotAllowed."""
    if not can(by, Act.SEND_MAIL):
        raise NotAllowed
    subject = session.get_one(Response, written[0].response_id) if len(written) == 1 else round_
    detail = {"reference": start, "notes": len(written)}
    auditing.record(session, by, "exported_notes_verbales", subject, detail, at=now)
