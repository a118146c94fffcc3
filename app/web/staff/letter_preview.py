"""A letter as one recipient would read it, with sample addresses: a link that works is shown to nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import MessagePurpose, Round
from app.queries import round_people, trails
from app.services import notes_verbales, placeholders, round_letters
from app.services.round_letters import Reader
from app.standing import standing
from app.templating import day, moment
from app.web.settings import settings


@dataclass(frozen=True)
class SampleLinks:
    """Addresses of the service in which keys and tokens are left out."""

    base: str

    def sign_in(self, _token: str) -> str:
        """No link that signs in."""
        return f"{self.base}/sign-in/…"

    def page(self, path: str) -> str:
        """The page, without whatever in its address belongs to one person."""
        return f"{self.base}{path}"


@dataclass(frozen=True)
class Preview:
    """Subject and text, and for whom."""

    subject: str
    text: str
    respondent: str
    reader: str


def links() -> SampleLinks:
    """The sample addresses of this installation."""
    return SampleLinks(settings().public_url)


def of(
    session: Session,
    round_: Round,
    purpose: MessagePurpose,
    response_id: UUID,
    now: datetime,
    words: tuple[str, str] | None = None,
) -> Preview | None:
    """The letter to the first focal point of a respondent, of the text in force or of ``words``; None if the
    respondent is not of the round.
    """
    respondent = round_people.one(session, round_, response_id, now)
    if respondent is None:
        return None
    about = round_letters.about(session, response_id)
    person = next(iter(respondent.focal_points()), None)
    reader = Reader(person.name, person.locale) if person else Reader(_("(nobody is named yet)"))
    at = standing(trails.of_response(session, round_, about.response), now)
    given = {**_samples(round_, now), "standing": round_letters.standing_words(at)}
    given["link"] = links().page(_path(purpose))
    given["addressee"] = notes_verbales.addressee(respondent)
    known = placeholders.KNOWN[purpose]
    subject, text = round_letters.compose(
        session, purpose, about, reader, links(), {k: v for k, v in given.items() if k in known}, words
    )
    return Preview(subject, text, respondent.name, reader.name)


def _path(purpose: MessagePurpose) -> str:
    if purpose in placeholders.SECRET:
        return "/invitation/…"
    return "/sign-in" if purpose is MessagePurpose.NOTE_VERBALE else "/responses/…"


def _samples(round_: Round, now: datetime) -> Mapping[str, str]:
    """What only the cause of a letter knows, as an example."""
    note = _("(here stands what IOM writes)")
    return {
        "note": note,
        "outcome": _("(here stands what was decided)"),
        "reference": f"{round_.code}-…",
        "submitted": moment(now, round_.zone),
        "fingerprint": "…",
        "copies": links().page("/responses/…/copies"),
        "amend": links().page("/responses/…/amend"),
        "date": day(now, round_.zone),
    }
