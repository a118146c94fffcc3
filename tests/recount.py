"""What a round's figures must be, worked out from raw rows and from nothing else.

Written apart from the application on purpose: it reads tables, and knows neither where the application says
that a response stands nor how it counts. Slow and plain; it is right or the page is wrong.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Base

Row = dict[str, Any]
ANSWERED = ("submitted", "submitted_late", "on_paper", "by_interview")
COLUMNS = {
    "In progress": ("in_progress", "in_clearance"),
    "Draft not submitted": ("not_submitted",),
    "Opened": ("opened",),
    "Not opened": ("invited", "no_contact", "bounced"),
    "Declined": ("declined",),
    "After the cut-off": ("after_cut_off",),
}


class Recount:
    """The rows of a round, and what they say as of a moment."""

    def __init__(self, session: Session, round_code: str, at: datetime) -> None:
        self.at = at
        self.session = session
        self.round = self._rows("round", code=round_code)[0]
        self.zone = ZoneInfo(self.round["zone"])
        of_round = {"round_id": self.round["id"]}
        self.participants = {
            row["organisation_id"]: row for row in self._rows("round_participant", **of_round)
        }
        self.responses = self._rows("response", **of_round)
        self.organisations = {row["id"]: row for row in self._rows("organisation")}
        self.memberships = self._rows("round_membership", **of_round)
        self.profiles = {
            row["organisation_id"]: row["facts"] for row in self._rows("round_profile", **of_round)
        }
        self.by_response = {
            name: self._grouped(name)
            for name in ("status_change", "clearance", "submission", "outcome_change")
        }
        self.received = {row["id"]: row["received_by"].value for row in self._rows("received_answers")}
        self.stands = {row["id"]: self._standing(row) for row in self.responses}

    def _rows(self, table: str, **where: Any) -> list[Row]:
        found = Base.metadata.tables[table]
        statement = select(found).where(*(found.c[name] == value for name, value in where.items()))
        return [dict(row) for row in self.session.execute(statement).mappings()]

    def _grouped(self, table: str) -> dict[Any, list[Row]]:
        grouped = defaultdict(list)
        for row in self._rows(table):
            grouped[row["response_id"]].append(row)
        return grouped

    def past(self, moment: datetime | None) -> bool:
        """Whether the moment had come."""
        return moment is not None and moment <= self.at

    def _standing(self, response: Row) -> str:
        changes = [row for row in self.by_response["outcome_change"][response["id"]] if self.past(row["at"])]
        if changes:
            last = max(changes, key=lambda row: row["at"])["after"]
            if last is not None:
                return str(last.value)
        sent = [
            row
            for row in self.by_response["submission"][response["id"]]
            if self.past(row["at"]) and not self.past(row["withdrawn_at"])
        ]
        if sent:
            return self._sent(sent)
        if self._begun(response):
            return self._draft(response)
        if self.past(response["opened_at"]):
            return "opened"
        return self._reachable(response["organisation_id"])

    def _sent(self, sent: list[Row]) -> str:
        cut_off = self.round["cut_off_at"] or self.round["cutoff_at"]
        in_time = sorted((row for row in sent if row["at"] <= cut_off), key=lambda row: row["at"])
        if not in_time:
            return "after_cut_off"
        first = in_time[0]
        if first["received_id"] is not None:
            return {"paper": "on_paper", "interview": "by_interview"}[self.received[first["received_id"]]]
        return "submitted_late" if first["at"] > first["due_at"] else "submitted"

    def _begun(self, response: Row) -> bool:
        changes = self.by_response["status_change"][response["id"]]
        return any(row["after"].value == "in_progress" and self.past(row["at"]) for row in changes)

    def _draft(self, response: Row) -> str:
        ends = self.round["closed_at"]
        if ends is not None and response["due_at"] > self.round["closes_at"]:
            ends = max(ends, response["due_at"])
        if self.past(ends):
            return "not_submitted"
        for row in self.by_response["clearance"][response["id"]]:
            over = self.past(row["decided_at"]) or self.past(row["withdrawn_at"])
            if self.past(row["asked_at"]) and not over:
                return "in_clearance"
        return "in_progress"

    def _reachable(self, organisation_id: Any) -> str:
        today = self.at.astimezone(self.zone).date()
        there = [
            row["user_id"]
            for row in self._rows("appointment", organisation_id=organisation_id)
            if row["role"].value == "focal_point"
            and row["valid_from"] <= today
            and (row["valid_until"] or date.max) >= today
        ]
        if not there:
            return "no_contact"
        failing = [
            any(
                self.past(row["failed_at"]) and not self.past(row["cleared_at"])
                for row in self._rows("address_failure", user_id=user_id)
            )
            for user_id in there
        ]
        return "bounced" if all(failing) else "invited"

    def base(self, out_of: str) -> list[Row]:
        """The responses of the base."""
        found = []
        for row in self.responses:
            asked = self.participants[row["organisation_id"]]
            if out_of == "invited":
                counts = asked["basis"] == "opening"
            else:
                counts = self.past(asked["added_at"]) and not self.past(asked["withdrawn_at"])
            if counts:
                found.append(row)
        return found

    def due(self, response: Row) -> datetime:
        """The deadline that held at the moment: what later extensions say stood before them."""
        events = [
            row
            for row in self._rows("audit_event", act="extended", subject_id=str(response["id"]))
            if row["at"] > self.at
        ]
        if not events:
            found: datetime = response["due_at"]
            return found
        before = min(events, key=lambda row: row["number"])["detail"]["before"]
        return datetime.fromisoformat(before)

    def late(self, response: Row) -> bool:
        """Whether its deadline had passed without an end."""
        unfinished = {
            each
            for group in ("In progress", "Draft not submitted", "Opened", "Not opened")
            for each in COLUMNS[group]
        }
        return self.due(response) < self.at and self.stands[response["id"]] in unfinished

    def line(self, of: Iterable[Row]) -> dict[str, int]:
        """The figures of a line: n, N, and what the rest is made of."""
        there = list(of)
        stands = [self.stands[row["id"]] for row in there]
        figures = {name: sum(each in group for each in stands) for name, group in COLUMNS.items()}
        return {
            "n": sum(each in ANSWERED for each in stands),
            "N": sum(each not in ("not_eligible", "duplicate") for each in stands),
            "Late": sum(self.late(row) for row in there),
            "base": len(there),
            **figures,
        }

    def lines(self, of: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, dict[str, int]]:
        """A line for each value of the key."""
        grouped = defaultdict(list)
        for row in of:
            grouped[key(row)].append(row)
        return {value: self.line(rows) for value, rows in grouped.items()}

    def audience(self, response: Row) -> str:
        """As what it is asked."""
        return str(response["audience"].value)

    def fact(self, response: Row, column: str) -> Any:
        """What the register says of who answers."""
        return self.organisations[response["organisation_id"]][column]

    def kept(self, response: Row, name: str) -> Any:
        """What the round keeps of who answers."""
        return self.profiles[response["organisation_id"]].get(name)

    def mechanism(self, iscm_id: Any, out_of: str) -> dict[str, Any]:
        """The figures of one mechanism."""
        base = {row["organisation_id"]: row for row in self.base(out_of)}
        parts = [row for row in self.memberships if row["iscm_id"] == iscm_id]
        all_members = {
            row["member_id"]
            for row in parts
            if row["role"].value == "member"
            and self.organisations[row["member_id"]]["asked_as"].value != "igo"
        }
        members = [base[each] for each in all_members if each in base]
        igos = [
            base[each]
            for each in {row["member_id"] for row in parts}
            if each in base and self.audience(base[each]) == "igo"
        ]
        answered = [row for row in members if self.stands[row["id"]] in ANSWERED]
        own = base.get(iscm_id)
        return {
            "own": self.stands[own["id"]] if own else None,
            "listed": len(all_members),
            "members": self.line(members),
            "about": sum(iscm_id in self.spoken_of(row) for row in answered),
            "igos": self.line(igos),
        }

    def spoken_of(self, response: Row) -> set[Any]:
        """The mechanisms about which the submission that counted said something."""
        cut_off = self.round["cut_off_at"] or self.round["cutoff_at"]
        sent = [
            row
            for row in self.by_response["submission"][response["id"]]
            if self.past(row["at"]) and row["at"] <= cut_off and not self.past(row["withdrawn_at"])
        ]
        if not sent:
            return set()
        last = max(sent, key=lambda row: row["number"])
        blocks = {row["id"]: row for row in self._rows("repeat_instance", response_id=response["id"])}
        answers = {row["id"]: row for row in self._rows("answer", response_id=response["id"])}
        found = set()
        for frozen in self._rows("submission_answer", submission_id=last["id"]):
            block = blocks.get(answers[frozen["answer_id"]]["instance_id"])
            while block is not None and block["subject_id"] is None:
                block = blocks.get(block["parent_id"])
            revision = self._rows("answer_revision", id=frozen["answer_revision_id"])[0]
            if block is not None and revision["value"] is not None:
                found.add(block["subject_id"])
        return found


def end_of(day: date, zone: str = "Europe/Zurich") -> datetime:
    """The last moment of a day."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(days=1)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)
