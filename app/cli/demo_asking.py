"""Who asks whom in the larger Training round: more time, an amendment, questions, clarifications."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from app.cli.demo_stage import Entry, Event, Stage, instant
from app.models import RequestDecision
from app.services import discussing, requesting
from app.services.conversing import About


def events(stage: Stage, plan: Entry) -> Iterator[Event]:
    """Everything that is asked and answered, each with its moment."""
    asking = _Asking(stage)
    for place, (what, act) in enumerate(asking.acts.items()):
        for number, entry in enumerate(plan[what]):
            key = f"demonstration-{place}-{number}"
            yield Event(instant(entry["at"]), partial(act, entry, key))
            for later, answer in (("answered", asking.answer), ("granted", asking.grant)):
                if later in entry:
                    yield Event(instant(entry[later]["at"]), partial(answer, entry, key))


class _Asking:
    """What was asked, by the key under which it was asked."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.session = stage.session
        self.threads: dict[str, UUID] = {}
        self.acts: Mapping[str, partial[None]] = {
            "more_time": partial(self.more_time),
            "amendments": partial(self.amendment),
            "questions": partial(self.question),
            "clarifications": partial(self.clarification),
        }

    def more_time(self, entry: Entry, key: str, at: datetime) -> None:
        """A respondent asks for a later end."""
        until, reason = instant(entry["until"]), entry["reason"]
        code = entry["respondent"]
        asked = requesting.request_more_time(
            self.session, self.stage.responses[code], until, reason, self.stage.speaker(code, at), at, key
        )
        self.threads[key] = asked.id

    def amendment(self, entry: Entry, key: str, at: datetime) -> None:
        """A respondent asks to change what was submitted."""
        code = entry["respondent"]
        asked = requesting.request_reopening(
            self.session, self.stage.responses[code], entry["reason"], self.stage.speaker(code, at), at, key
        )
        self.threads[key] = asked.id

    def question(self, entry: Entry, key: str, at: datetime) -> None:
        """A respondent asks IOM something."""
        code = entry["respondent"]
        asked = discussing.ask(
            self.session,
            self.stage.responses[code],
            About(),
            entry["text"],
            self.stage.speaker(code, at),
            at,
            key,
        )
        self.threads[key] = asked.id

    def clarification(self, entry: Entry, key: str, at: datetime) -> None:
        """Staff ask about a submitted answer."""
        response_id = self.stage.responses[entry["respondent"]]
        actor, about = self.stage.staff(entry["by"], at), About(entry["question"])
        asked = discussing.clarify(self.session, response_id, about, entry["text"], actor, at, key)
        self.threads[key] = asked.id

    def answer(self, entry: Entry, key: str, at: datetime) -> None:
        """The other side answers: staff where the file names one of them."""
        answered, thread_id = entry["answered"], self.threads[key]
        if "by" in answered:
            actor = self.stage.staff(answered["by"], at)
            discussing.answer(self.session, thread_id, answered["text"], actor, at, f"{key}-answer")
            return
        code = entry["respondent"]
        actor = self.stage.speaker(code, at)
        response_id = self.stage.responses[code]
        discussing.reply(self.session, response_id, thread_id, answered["text"], actor, at, f"{key}-answer")

    def grant(self, entry: Entry, key: str, at: datetime) -> None:
        """Staff grant a request."""
        granted = entry["granted"]
        actor = self.stage.staff(granted["by"], at)
        decided = RequestDecision.GRANTED
        requesting.decide(
            self.session, self.threads[key], decided, granted["words"], None, actor, at, f"{key}-answer"
        )
