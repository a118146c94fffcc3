"""The finished Training round before: entered from its files, so that it is told beside the present one."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from app.cli import demo_rows as rows
from app.cli.demo_larger import read
from app.cli.demo_stage import Entry, Event, Stage, instant, play
from app.models import Audience, Outcome, Round
from app.policy import SYSTEM
from app.services import declining, outcomes, rounds, running, submitting
from app.storage import Store

CODE = "training-2023"
SOURCE = "files of the round of 2023"


def tell(session: Session, store: Store) -> None:
    """Make the round, open it on the register of its day, let everything happen, and close it."""
    plan = read("before.yaml")
    made = _opened(session, plan)
    stage = Stage(session, made, read("words.yaml"), store, brief=True)
    closed_at, cut_off_at = instant(plan["closed_at"]), instant(plan["cut_off_at"])
    events = list(_events(stage, plan))
    play(session, [each for each in events if each.at < closed_at])
    rounds.close(session, made, SYSTEM, now=closed_at)
    session.flush()
    running.cut_off(session, made, SYSTEM, now=cut_off_at)
    play(session, [each for each in events if each.at >= closed_at])
    rows.send_what_waits(session)


def _opened(session: Session, plan: Entry) -> Round:
    opens, closes, cutoff = (instant(plan[key]) for key in ("opens_at", "closes_at", "cutoff_at"))
    made = rounds.create(session, CODE, plan["title"], opens, closes, cutoff, plan["zone"], SYSTEM)
    asked = {Audience(audience): codes for audience, codes in plan["asked"].items()}
    rounds.open_round(session, made, asked, SYSTEM, date.fromisoformat(plan["as_of"]), now=opens)
    session.flush()
    return made


def _events(stage: Stage, plan: Entry) -> Iterator[Event]:
    closes, cutoff = stage.round.closes_at, instant(plan["cutoff_at"])
    spans = {
        "submitted": (stage.opened_at + timedelta(days=10), closes),
        "submitted_late": (closes, instant(plan["closed_at"])),
        "after_cut_off": (cutoff + timedelta(days=2), cutoff + timedelta(days=12)),
    }
    for standing, (since, until) in spans.items():
        for code in plan["stands"][standing]:
            yield Event(stage.moment(code, "sends", since, until), partial(_send, stage, code))
    middle = stage.opened_at + timedelta(days=40)
    for code in plan["stands"]["not_submitted"]:
        yield Event(stage.moment(code, "begins", middle, closes), partial(_begin, stage, code))
    for code in plan["stands"]["declined"]:
        yield Event(stage.moment(code, "declines", stage.opened_at, middle), partial(_decline, stage, code))
    for code in plan["stands"]["not_eligible"]:
        why = plan["outcomes"][code]
        yield Event(
            stage.moment(code, "decided", stage.opened_at, middle), partial(_set_aside, stage, code, why)
        )


def _send(stage: Stage, code: str, at: datetime) -> None:
    _write(stage, code, at, whole=True)
    response_id = stage.responses[code]
    submitting.submit(stage.session, response_id, "Entered from the files of 2023.", SYSTEM, at)


def _begin(stage: Stage, code: str, at: datetime) -> None:
    _write(stage, code, at, whole=False)


def _write(stage: Stage, code: str, at: datetime, *, whole: bool) -> None:
    stage.write(code, at, whole=whole, entered={"from": SOURCE, "dated": at.date().isoformat()})


def _decline(stage: Stage, code: str, at: datetime) -> None:
    why = "No resources in this year."
    declining.decline(stage.session, stage.responses[code], why, SYSTEM, at)


def _set_aside(stage: Stage, code: str, why: str, at: datetime) -> None:
    outcomes.decide(stage.session, stage.responses[code], Outcome.NOT_ELIGIBLE, why, SYSTEM, at)
