"""The Training round at a believable size: 60 made-up States, and everything that happens in such a round.

What happens stands in questionnaires/demo/training/larger/; the acts go through the services with dates.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import demo_asking
from app.cli import demo_rows as rows
from app.cli.demo_answers import Draw
from app.cli.demo_stage import Entry, Event, Stage, instant, noon, play
from app.definitions import source
from app.models import (
    LinkPurpose,
    Organisation,
    Outcome,
    ReceivedBy,
    Round,
)
from app.policy import SYSTEM, AppointmentRole
from app.queries import people as people_queries
from app.queries import responses
from app.services import (
    clearing,
    declining,
    naming_officers,
    outcomes,
    participating,
    people,
    proposing_mechanisms,
    rounds,
    running,
    signing_in,
    submitting,
)
from app.storage import Store
from app.templating import DEFAULT_ZONE

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "questionnaires" / "demo" / "training" / "larger"
REGISTER = FOLDER / "register.yaml"


@cache
def read(name: str) -> dict[str, Any]:
    """One file of the larger round."""
    data: dict[str, Any] = source.read(FOLDER / name, ROOT).data
    return data


def asked(small: Entry) -> dict[str, list[str]]:
    """Whom the larger round asks at its opening: those of the small one, and those of its own register."""
    register = read("register.yaml")
    later = {each["respondent"] for each in read("round.yaml")["added"]}
    found = {audience: list(codes) for audience, codes in small.items()}
    for each in register["organisations"]:
        if each["code"] not in later:
            found[each["asked_as"]].append(each["code"])
    found["iscm"] += [each["id"] for each in register["iscms"] if each["status"] == "active"]
    return found


def add_people(session: Session) -> bool:
    """A focal point for each organisation of the larger register, and a colleague for every third."""
    since = date.fromisoformat(read("round.yaml")["people_since"])
    register, words, taken = read("register.yaml"), read("words.yaml"), set[str]()
    codes = [each["code"] for each in register["organisations"]]
    codes += [each["id"] for each in register["iscms"] if each["status"] == "active"]
    first = _person(codes[0], AppointmentRole.FOCAL_POINT.value, words, set())
    if people_queries.by_email(session, first[1]) is not None:
        return False
    gone = read("round.yaml")["stands"]["no_contact"]
    at = noon(since, DEFAULT_ZONE)
    for place, code in enumerate(codes):
        organisation = session.scalars(select(Organisation).where(Organisation.code == code)).one()
        roles = [AppointmentRole.FOCAL_POINT] + [AppointmentRole.CONTRIBUTOR] * (place % 3 == 0)
        for role in roles:
            name, email = _person(code, role.value, words, taken)
            user = people.add_user(session, email, name, SYSTEM, now=at)
            user.function = Draw(code).one("function", words["functions"])
            user.phone = f"+000 555 {100 + place} {Draw(code).below(role.value, 90) + 10}"
            made = people.appoint(session, user, organisation, role, SYSTEM, valid_from=since, now=at)
            if code in gone:
                people.end_appointment(session, made, date(2026, 9, 30), SYSTEM)
    return True


def _person(code: str, role: str, words: Entry, taken: set[str]) -> tuple[str, str]:
    """A name that nobody else has, and an address at the organisation."""
    draw, names = Draw(code), words["names"]
    for attempt in range(len(names["first"]) * len(names["last"])):
        first = draw.one(f"{role}/{attempt}/first", names["first"])
        last = draw.one(f"{role}/{attempt}/last", names["last"])
        if f"{first} {last}" not in taken:
            break
    taken.add(f"{first} {last}")
    return f"{first} {last}", f"{first}.{last}@{code}.example".lower()


def tell(session: Session, round_: Round, closes_at: datetime, store: Store) -> None:
    """Everything that happens in the larger Training round after its opening, in the order of time."""
    plan = read("round.yaml")
    stage = Stage(session, round_, read("words.yaml"), store)
    play(session, [*rows.letters(stage, plan), *_Story(stage, plan, closes_at).events()])
    rows.fail_letters(stage, plan["messages"])
    for entry in plan["contacts"]:
        rows.note_contact(stage, entry)
    rows.send_what_waits(session)


class _Story:
    """The acts of the larger round, each with its moment."""

    def __init__(self, stage: Stage, plan: Entry, closes_at: datetime) -> None:
        self.stage = stage
        self.session = stage.session
        self.plan = plan
        self.closes_at = closes_at
        self.deadline = instant(plan["first_deadline"])
        self.extended_at = instant(plan["extended"]["at"])
        self.known_until = instant(plan["known_until"])

    def events(self) -> Iterator[Event]:
        """Everything, in no order."""
        yield from self._of_staff()
        for standing, told in _TOLD.items():
            for code in self.plan["stands"][standing]:
                yield from told(self, code)
        yield from demo_asking.events(self.stage, self.plan)

    def _of_staff(self) -> Iterator[Event]:
        extended = self.plan["extended"]
        yield Event(self.extended_at, partial(self._extend, extended))
        for entry in self.plan["added"]:
            yield Event(instant(entry["at"]), partial(self._add, entry))
        for entry in self.plan["withdrawn"]:
            yield Event(instant(entry["at"]), partial(self._withdraw, entry))
        for entry in self.plan["reopened"]:
            yield Event(instant(entry["at"]), partial(self._reopen, entry))

    def _extend(self, entry: Entry, at: datetime) -> None:
        round_, actor = self.stage.round, self.stage.staff(entry["by"], at)
        running.extend(self.session, round_, self.closes_at, round_.cutoff_at, actor, at)

    def _add(self, entry: Entry, at: datetime) -> None:
        code = entry["respondent"]
        organisation = self.session.scalars(select(Organisation).where(Organisation.code == code)).one()
        actor = self.stage.staff(rows.COORDINATOR, at)
        rounds.add_participant(self.session, self.stage.round, organisation, actor, now=at)
        response = responses.of_organisation(self.session, self.stage.round.code, code)
        if response is not None:
            self.stage.take(organisation, response.id)

    def _withdraw(self, entry: Entry, at: datetime) -> None:
        organisation, actor = (
            self.stage.organisations[entry["respondent"]],
            self.stage.staff(rows.COORDINATOR, at),
        )
        participating.withdraw(self.session, self.stage.round, organisation.id, entry["why"], actor, at)

    def _reopen(self, entry: Entry, at: datetime) -> None:
        actor = self.stage.staff(entry["by"], at)
        submitting.reopen(self.session, self._response(entry["respondent"]), entry["reason"], actor, at)

    def _response(self, code: str) -> UUID:
        return self.stage.responses[code]

    def _opens(self, code: str, before: datetime) -> Event:
        """That somebody signs in before, on the same day or up to three days earlier."""
        since = max(self._since(code), before - timedelta(days=3))
        return Event(self.stage.moment(code, "opens", since, before), partial(self._sign_in, code))

    def _since(self, code: str) -> datetime:
        """From when on the respondent can have opened the questionnaire."""
        added = {each["respondent"]: instant(each["at"]) for each in self.plan["added"]}
        return added.get(code, self.stage.opened_at) + timedelta(hours=1)

    def _sign_in(self, code: str, at: datetime) -> None:
        signing_in.start(self.session, self.stage.person(code), LinkPurpose.SIGN_IN, at)

    def _begins(self, code: str, at: datetime, *, whole: bool) -> Iterator[Event]:
        """That somebody opens the questionnaire and writes, then."""
        yield self._opens(code, at)
        yield Event(at, partial(self.stage.write, code, whole=whole))

    def opened(self, code: str) -> Iterator[Event]:
        """Looks at it, and no more."""
        yield self._opens(code, self.stage.moment(code, "looks", self._since(code), self.known_until))

    def in_progress(self, code: str) -> Iterator[Event]:
        """Begins, and is not done."""
        since = self._since(code) + timedelta(days=1)
        yield from self._begins(code, self.stage.moment(code, "begins", since, self.known_until), whole=False)

    def in_clearance(self, code: str) -> Iterator[Event]:
        """Has written everything, and asks an officer to clear it."""
        asks = self.stage.moment(code, "asks", self.extended_at, self.known_until)
        yield from self._begins(code, asks - timedelta(days=6), whole=True)
        yield Event(asks, partial(self._ask_clearance, code))

    def _ask_clearance(self, code: str, at: datetime) -> None:
        actor, response_id = self.stage.speaker(code, at), self._response(code)
        name, email = _person(code, "clearing_officer", self.stage.words, set())
        naming_officers.name_officer(self.session, response_id, email, name, actor, at)
        clearing.ask(self.session, response_id, "", actor, at)

    def submitted(self, code: str) -> Iterator[Event]:
        """Writes and submits before the first deadline, or in the time that was given later."""
        since, until = self.stage.opened_at + timedelta(days=6), self.deadline
        if code in self.plan["after_extension"]:
            since, until = self.extended_at + timedelta(days=1), self.known_until
        yield from self._sends(code, self.stage.moment(code, "sends", since, until))

    def submitted_late(self, code: str) -> Iterator[Event]:
        """Submits after the first deadline, before it was known that there is more time."""
        yield from self._sends(code, self.stage.moment(code, "sends", self.deadline, self.extended_at))

    def _sends(self, code: str, at: datetime) -> Iterator[Event]:
        begun = self.stage.moment(code, "begins", max(self._since(code), at - timedelta(days=11)), at)
        begun = min(begun, at - timedelta(hours=2))
        yield from self._begins(code, begun, whole=True)
        yield from self._before_sending(code, at - timedelta(hours=1))
        yield Event(at, partial(self._submit, code))

    def _before_sending(self, code: str, at: datetime) -> Iterator[Event]:
        """What the respondent says that the register does not."""
        for entry in self.plan["corrections"]:
            if entry["respondent"] == code:
                yield Event(at, partial(self.stage.correct, code, entry["question"], entry["value"]))
        for entry in self.plan["proposed"]:
            if entry["respondent"] == code:
                yield Event(at, partial(self._propose, entry))

    def _propose(self, entry: Entry, at: datetime) -> None:
        code = entry["respondent"]
        actor = self.stage.speaker(code, at)
        proposing_mechanisms.propose_mechanism(
            self.session, self._response(code), entry["name"], entry["about"], actor, at
        )

    def _submit(self, code: str, at: datetime) -> None:
        name = self.stage.organisations[code].name
        statement = f"Cleared by the competent authorities of {name}."
        actor = self.stage.speaker(code, at)
        submitting.submit(self.session, self._response(code), statement, actor, at)

    def on_paper(self, code: str) -> Iterator[Event]:
        """Sends a scan, which staff enter."""
        at = self.stage.moment(code, "paper", self.stage.opened_at + timedelta(days=20), self.known_until)
        yield Event(at, partial(self._enter, code, ReceivedBy.PAPER, "questionnaire returned on paper"))

    def by_interview(self, code: str) -> Iterator[Event]:
        """Answers on the telephone; staff write."""
        at = self.stage.moment(code, "call", self.stage.opened_at + timedelta(days=20), self.known_until)
        yield Event(at, partial(self._enter, code, ReceivedBy.INTERVIEW, "telephone call"))

    def _enter(self, code: str, by: ReceivedBy, what: str, at: datetime) -> None:
        actor = self.stage.staff(rows.COORDINATOR, at)
        received = rows.receive(self.stage, code, by, actor, at)
        self.stage.write(code, at, whole=True, entered={"from": what, "dated": at.date().isoformat()})
        sent = submitting.submit(self.session, self._response(code), f"Entered: {what}.", actor, at)
        sent.received_id = received.id

    def declined(self, code: str) -> Iterator[Event]:
        """Says that it will not answer, and why."""
        at = self.stage.moment(code, "declines", self.stage.opened_at + timedelta(days=5), self.known_until)
        yield self._opens(code, at)
        why = Draw(code).one("declined", self.stage.words["declined"])
        yield Event(at, partial(self._decline, code, why))

    def _decline(self, code: str, why: str, at: datetime) -> None:
        declining.decline(self.session, self._response(code), why, self.stage.speaker(code, at), at)

    def set_aside(self, code: str) -> Iterator[Event]:
        """Staff find that it should not have been asked, or is asked twice."""
        outcome = Outcome.DUPLICATE if code in self.plan["stands"]["duplicate"] else Outcome.NOT_ELIGIBLE
        at = self.stage.moment(code, "decided", self.stage.opened_at + timedelta(days=3), self.known_until)
        why = self.plan["outcomes"][code]
        yield Event(at, partial(self._set_aside, code, outcome, why))

    def _set_aside(self, code: str, outcome: Outcome, why: str, at: datetime) -> None:
        actor = self.stage.staff(rows.COORDINATOR, at)
        outcomes.decide(self.session, self._response(code), outcome, why, actor, at)


_TOLD: dict[str, Callable[[_Story, str], Iterator[Event]]] = {
    "submitted": _Story.submitted,
    "submitted_late": _Story.submitted_late,
    "on_paper": _Story.on_paper,
    "by_interview": _Story.by_interview,
    "in_clearance": _Story.in_clearance,
    "in_progress": _Story.in_progress,
    "opened": _Story.opened,
    "declined": _Story.declined,
    "not_eligible": _Story.set_aside,
    "duplicate": _Story.set_aside,
}
"""What respondents do who end up there; who is invited, bounced or without contact does nothing."""
