"""What the demonstration shows: the register, people and two rounds, loaded by the services of the web."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import demo_before, demo_larger, demo_stage
from app.cli.register import COMMITTED, FILES
from app.database import Database
from app.definitions import loader, source
from app.definitions.schema import Questionnaire
from app.models import Audience, Organisation, Round
from app.policy import SYSTEM, Actor, AppointmentRole, StaffRole
from app.queries import people as people_queries
from app.queries import responses
from app.services import declining, delegating, importing, people, publishing, rounds, submitting
from app.services.delegating import Gift
from app.services.register_import import free_text, import_register, is_empty
from app.storage import Store

ROOT = Path(__file__).parents[2]
QUESTIONNAIRES = ROOT / "questionnaires"
DEMO = QUESTIONNAIRES / "demo"
ROUNDS: dict[str, Path] = {
    "2019": ROOT / "tests" / "cases" / "eap-2019" / "responses",
    "training": DEMO / "training" / "responses",
}
"""Round → where the answers of its respondents lie; the round itself is demo/<round>/round.yaml."""

CLOSED = ("2019",)
TRAINING = "training"
ALL = frozenset({*ROUNDS, demo_before.CODE})
"""Every round that the demonstration may have."""
_LAST = "XEL"
"""A State of the larger register: it is there once all of it is."""

Entry = Mapping[str, Any]


def load(database: Database, larger: Store | None = None) -> list[str]:
    """Load what is not there yet, and say what that was; what is there is kept as it is.

    With a store for its papers the Training round is the larger one, with the round before it. The register,
    the people and each round are one transaction each.
    """
    done = []
    steps: list[tuple[str, Callable[[Session], bool]]] = [
        ("the register", partial(_register, larger=larger is not None)),
        ("the people", partial(_people, larger=larger is not None)),
    ]
    if larger is not None:
        steps.append(("the people of the larger round", demo_larger.add_people))
    for words, step in steps:
        with database.begin() as session:
            if step(session):
                done.append(words)
    for code, tell in _rounds(larger).items():
        with database.begin() as session:
            if session.scalar(select(Round.id).where(Round.code == code)) is None:
                _publish(session)
                tell(session)
                done.append(f"the round “{code}”")
    return done


def _rounds(larger: Store | None) -> dict[str, Callable[[Session], None]]:
    """How each round is made, in the order in which they are."""
    small: dict[str, Callable[[Session], None]] = {code: partial(_round, code=code) for code in ROUNDS}
    if larger is None:
        return small
    before = {demo_before.CODE: partial(demo_before.tell, store=larger)}
    return before | small | {TRAINING: partial(_larger_round, store=larger)}


def codes(database: Database) -> set[str]:
    """The rounds that are in the database."""
    with database.read() as session:
        return set(session.scalars(select(Round.code)))


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = source.read(path, ROOT).data
    return data


def _register(session: Session, *, larger: bool) -> bool:
    words = free_text(COMMITTED / "igos.yaml")
    wanted = [COMMITTED / name for name in FILES] if is_empty(session) else []
    fictional = session.scalar(select(Organisation.id).where(Organisation.fictional.is_(True)).limit(1))
    if fictional is None:
        wanted.append(DEMO / "training" / "register.yaml")
    if larger and session.scalar(select(Organisation.id).where(Organisation.code == _LAST)) is None:
        wanted.append(demo_larger.REGISTER)
    for path in wanted:
        import_register(session, path.read_bytes(), path.name, SYSTEM, words=words)
    return bool(wanted)


def _people(session: Session, *, larger: bool) -> bool:
    missing = [
        entry
        for entry in _read(DEMO / "training" / "people.yaml")["people"]
        if people_queries.by_email(session, entry["email"]) is None
    ]
    asked_since = _asked_since(larger=larger)
    for entry in missing:
        role = StaffRole(entry["staff_role"]) if "staff_role" in entry else None
        user = people.add_user(session, entry["email"], entry["name"], SYSTEM, staff_role=role)
        for each in entry.get("appointments", []):
            code = each["organisation"]
            about = _organisation(session, each["iscm"]) if "iscm" in each else None
            people.appoint(
                session,
                user,
                _organisation(session, code),
                AppointmentRole(each["role"]),
                SYSTEM,
                iscm=about,
                valid_from=asked_since[code],
            )
    return bool(missing)


def _asked_since(*, larger: bool) -> dict[str, date]:
    """The day on which each organisation was first asked: its people are appointed from then on."""
    since: dict[str, date] = {}
    entries = [_read(DEMO / code / "round.yaml") for code in ROUNDS]
    for entry in [*entries, *([demo_larger.read("before.yaml")] if larger else [])]:
        opened = datetime.fromisoformat(entry["opens_at"]).date()
        for asked in entry["asked"].values():
            for organisation in asked:
                since[organisation] = min(opened, since.get(organisation, opened))
    return since


def _organisation(session: Session, code: str) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.code == code)).one()


def _round(session: Session, code: str) -> None:
    entry = _read(DEMO / code / "round.yaml")
    made = _opened(session, code, entry)
    _happened(session, made, entry)


def _larger_round(session: Session, store: Store) -> None:
    """The Training round as it is in the small, with everybody else asked too, and what they do."""
    entry = _read(DEMO / TRAINING / "round.yaml")
    closes_at, first = entry["closes_at"], demo_larger.read("round.yaml")["first_deadline"]
    whole = {**entry, "asked": demo_larger.asked(entry["asked"]), "closes_at": first}
    made = _opened(session, TRAINING, whole)
    _happened(session, made, whole)
    demo_larger.tell(session, made, demo_stage.instant(closes_at), store)


def _publish(session: Session) -> None:
    for questionnaire in _questionnaires():
        publishing.publish_version(session, questionnaire, SYSTEM)


@cache
def _questionnaires() -> tuple[Questionnaire, ...]:
    files = (QUESTIONNAIRES / audience / "v1.yaml" for audience in ("state", "iscm", "igo"))
    return tuple(loader.load(file, QUESTIONNAIRES) for file in files)


def _opened(session: Session, code: str, entry: Entry) -> Round:
    opens, closes, cutoff = (_instant(entry.get(key)) for key in ("opens_at", "closes_at", "cutoff_at"))
    if opens is None or closes is None:
        raise ValueError(f"the round {code} has no dates")
    made = rounds.create(session, code, entry["title"], opens, closes, cutoff, entry["zone"], SYSTEM)
    made.contact = entry.get("contact")
    asked = {Audience(audience): list(named) for audience, named in entry["asked"].items()}
    as_of = date.fromisoformat(entry["as_of"])
    rounds.open_round(session, made, asked, SYSTEM, as_of, about=entry.get("about"), now=opens)
    for tally in entry.get("tallies", []):
        audience = Audience(tally["audience"])
        counts = tally["answered"], tally["invited"], tally["source"]
        rounds.record_tally(session, made, audience, *counts, SYSTEM)
    session.flush()
    return made


def _happened(session: Session, made: Round, entry: Entry) -> None:
    _answers(session, made.code, ZoneInfo(made.zone), made.closes_at)
    _progress(session, made, entry.get("progress", []))
    if made.code in CLOSED:
        rounds.close(session, made, SYSTEM, now=made.closes_at)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def _answers(session: Session, code: str, zone: ZoneInfo, closes: datetime) -> None:
    """Enter each respondent's file at noon of the day on which its answers were given.

    Of some only the year or month is known: they are entered on the round's last day, which is said nowhere;
    what is cited is the date that the file gives.
    """
    for path in sorted(ROUNDS[code].glob("*.yaml")):
        data = _read(path)
        try:
            day = datetime.strptime(data["entered"]["dated"], "%Y-%m-%d").replace(tzinfo=zone).date()
        except ValueError:
            day = closes.astimezone(zone).date()
        noon = datetime.combine(day, time(12), zone).astimezone(UTC)
        importing.import_response(session, data, SYSTEM, noon)
        session.flush()


def _progress(session: Session, made: Round, progress: Sequence[Entry]) -> None:
    """Let everybody do what the round's file says, in its order."""
    for entry in progress:
        response = responses.of_organisation(session, made.code, entry["respondent"])
        at = _instant(entry["at"])
        if response is None or at is None:
            raise ValueError(f"{entry['respondent']} is not asked in the round {made.code}")
        who = _actor(session, entry.get("by"), at)
        if "submitted" in entry:
            submitting.submit(session, response.id, entry["submitted"], who, at)
        elif "declined" in entry:
            declining.decline(session, response.id, entry["declined"], who, at)
        elif "invited" in entry:
            _invite(session, response.id, entry, who, at)
        else:
            submitting.reopen(session, response.id, entry["reopened"], who, at)
        session.flush()


def _invite(session: Session, response_id: UUID, entry: Entry, who: Actor, at: datetime) -> None:
    """Give a colleague the block about one mechanism."""
    about = _organisation(session, entry["mechanism"]).id
    block = next(each.id for each in responses.blocks(session, response_id) if each.subject_id == about)
    gifts = [Gift(instance_id=block)]
    delegating.invite(session, response_id, entry["invited"], entry["name"], gifts, who, at)


def _actor(session: Session, email: str | None, at: datetime) -> Actor:
    if email is None:
        return SYSTEM
    user = people_queries.by_email(session, email)
    if user is None:
        raise ValueError(f"nobody has the address {email}")
    return people_queries.actor(session, user, at)
