"""A faulty file mended in a copy, so that the rest of it can be checked in the same run.

What was refused is reported and then left out or replaced by a stand-in; the keys of what was replaced are
*unsure*, and nothing is said about looking at them.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.definitions.explaining import explain, follows, steps_of
from app.definitions.faults import Fault, shown
from app.definitions.schema import Questionnaire
from app.definitions.source import Source, Steps

_ATTEMPTS = 4
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LISTS = {
    "sections": "section",
    "pages": "page",
    "questions": "question",
    "fields": "field",
    "options": "option",
}


@dataclass
class Outcome:
    """What a file came to: a questionnaire if it could be mended, every fault of its shape, and the unsure
    keys."""

    questionnaire: Questionnaire | None
    faults: list[Fault]
    unsure: set[str] = field(default_factory=set)


def parse(read: Source) -> Outcome:
    """Return the questionnaire of the file, mended where its shape is refused, with every fault of the
    shape."""
    outcome = Outcome(None, [])
    data = read.data
    twice = list(_twice(read))
    if twice:
        outcome.faults += [fault for fault, _ in twice]
        data = deepcopy(data)
        for _, steps in twice:
            _rename(data, steps, outcome.unsure)
    for attempt in range(_ATTEMPTS):
        try:
            outcome.questionnaire = Questionnaire.model_validate(data)
            break
        except ValidationError as refused:
            outcome.faults += explain(refused, read, Questionnaire)
            data = deepcopy(data) if attempt == 0 else data
            for error in refused.errors(include_url=False):
                steps = steps_of(error["loc"], data)
                if not follows(error, steps, data):
                    _mend(data, steps, error, outcome.unsure)
    return outcome


def _mend(data: Any, steps: Steps, error: ErrorDetails, unsure: set[str]) -> None:
    if error["type"] == "extra_forbidden":
        _holder(data, steps[:-1]).pop(steps[-1], None)
        return
    question = _question_of(steps)
    if question is not None:
        holder, number = _holder(data, question[:-1]), int(question[-1])
        key = holder[number].get("key") if isinstance(holder[number], dict) else None
        named = isinstance(key, str) and _KEY.fullmatch(key)
        name = (
            str(key)
            if named
            else f"stand_in_{'_'.join(str(step) for step in steps if isinstance(step, int))}"
        )
        holder[number] = {"key": name, "kind": "long_text", "text": "…"}
        unsure.add(name)
    elif steps:
        holder = _holder(data, steps[:-1])
        if error["type"] == "missing" or steps[-1] in ("title", "text"):
            holder[steps[-1]] = "stand_in" if steps[-1] == "key" else "…"
        elif isinstance(holder, dict):
            holder.pop(steps[-1], None)


def _question_of(steps: Steps) -> Steps | None:
    """The place of the innermost question or field that the place is in."""
    for end in range(len(steps), 1, -1):
        if steps[end - 2] in ("questions", "fields") and isinstance(steps[end - 1], int):
            return steps[:end]
    return None


def _holder(data: Any, steps: Steps) -> Any:
    for step in steps:
        data = data[step]
    return data


def _rename(data: Any, steps: Steps, unsure: set[str]) -> None:
    item = _holder(data, steps)
    if steps[-2] in ("questions", "fields"):
        unsure.add(item["key"])
    item["key"] = f"{item['key'][:40]}_again_{'_'.join(str(step) for step in steps if isinstance(step, int))}"


def _twice(read: Source) -> Iterator[tuple[Fault, Steps]]:
    """Yield a fault and the place for each key that is given again where it must be unique."""
    outside: dict[str, Steps] = {}
    fields: list[tuple[str, Steps]] = []
    for steps, listed in _lists(read.data, ()):
        what = _LISTS[str(steps[-1])]
        seen = outside if what == "question" else {}
        for number, item in enumerate(listed):
            key = item.get("key") if isinstance(item, dict) else None
            if not isinstance(key, str):
                continue
            here = (*steps, number)
            if key in seen:
                first = read.line((*seen[key], "key"))
                yield (
                    read.fault((*here, "key"), f"the {what} {shown(key)} exists already, on line {first}"),
                    here,
                )
            else:
                seen[key] = here
                if what == "field":
                    fields.append((key, here))
    for key, here in fields:
        if key in outside:
            first = read.line((*outside[key], "key"))
            yield (
                read.fault((*here, "key"), f"the question {shown(key)} on line {first} has this key too"),
                here,
            )


def _lists(data: Any, steps: Steps) -> Iterator[tuple[Steps, list[Any]]]:
    if not isinstance(data, dict):
        return
    for name in (*_LISTS, "cell"):
        below = data.get(name)
        if isinstance(below, list):
            yield (*steps, name), below
            for number, item in enumerate(below):
                yield from _lists(item, (*steps, name, number))
        elif name == "cell":
            yield from _lists(below, (*steps, name))
