"""Reading a YAML file that may be hostile: bounded before anything is built, with the line of every value.

The file is read as YAML 1.2 (core schema: `NO` and `2019-03-01` are text) from the parser's events, one by
one, so that size, depth and number of nodes are checked while reading. Aliases, anchors, tags, several
documents and keys given twice are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from app.definitions.faults import MAX_FAULTS, DefinitionErrors, Fault, shown

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 50_000
MAX_SCALAR = 20_000
MAX_KEY = 100

Steps = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?[0-9]{1,15}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,15}|[0-9]{1,15}(\.[0-9]{0,15})?)([eE][-+]?[0-9]{1,2})?")
_WORDS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass
class Source:
    """The data of one file, with the line of every key and item."""

    name: str
    data: Any
    lines: dict[Steps, int] = field(default_factory=dict)

    def line(self, steps: Steps) -> int:
        """Return the line of the place, or of the nearest place above it that stands in the file."""
        while steps and steps not in self.lines:
            steps = steps[:-1]
        return self.lines.get(steps, 1)

    def path(self, steps: Steps) -> str:
        """Return the place in words: `sections[about].pages[contact].title`."""
        words = ""
        for depth, step in enumerate(steps):
            if isinstance(step, int):
                item = self.at(steps[: depth + 1])
                key = item.get("key") if isinstance(item, dict) else None
                words += f"[{shown(key)[1:-1] if isinstance(key, str) else step}]"
            else:
                words += f"{'.' if words else ''}{shown(step)[1:-1]}"
        return words

    def at(self, steps: Steps) -> Any:
        """Return the data at the place, or None."""
        return at(self.data, steps)

    def fault(self, steps: Steps, message: str) -> Fault:
        """Return a fault at the place."""
        return Fault(self.name, self.line(steps), self.path(steps), message)


def at(data: Any, steps: Steps) -> Any:
    """Return what stands at the place in the data, or None."""
    for step in steps:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def read(path: Path, root: Path) -> Source:
    """Return the data of the YAML file. Raises DefinitionErrors, with every fault that reading can find."""
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    name = shown(name)[1:-1]
    return read_bytes(_content(path, name), name)


def read_bytes(content: bytes, name: str) -> Source:
    """Return the data of YAML text given as bytes; `name` stands in the faults. Raises DefinitionErrors."""
    return _Builder(name).build(_decoded(content, name))


def _content(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise DefinitionErrors([Fault(name, 1, "", f"the file cannot be read: {problem.strerror}")]) from None


def _decoded(content: bytes, name: str) -> str:
    def refuse(message: str, line: int = 1) -> DefinitionErrors:
        return DefinitionErrors([Fault(name, line, "", message)])

    if len(content) > MAX_BYTES:
        raise refuse(f"the file is larger than {MAX_BYTES:,} bytes")
    if b"\x00" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refuse("the file is not UTF-8 text; save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise refuse("the file is not UTF-8 text; save it as UTF-8", line) from None


class _Stop(Exception):
    """A bound was passed: nothing more of the file is read."""


class _Builder:
    """Builds the data from events with a stack of its own; never recurses, never follows an alias."""

    def __init__(self, name: str) -> None:
        self.source = Source(name, None)
        self.faults: list[Fault] = []
        self.open: list[tuple[dict[str, Any] | list[Any], Steps]] = []
        self.key: list[str | None] = []
        self.nodes = 0

    def build(self, text: str) -> Source:
        try:
            for event in self._events(text):
                self._take(event)
        except _Stop:
            pass
        except MarkedYAMLError as problem:
            mark = problem.problem_mark or problem.context_mark
            self._fault(mark.line if mark else 0, f"this is not YAML: {shown(problem.problem or '')[1:-1]}")
        except (YAMLError, ValueError):
            self._fault(0, "this is not YAML: the file has characters that YAML does not allow")
        if self.faults:
            raise DefinitionErrors(self.faults)
        if not isinstance(self.source.data, dict):
            raise DefinitionErrors(
                [Fault(self.source.name, 1, "", "the file is not a mapping of keys to values")]
            )
        return self.source

    @staticmethod
    def _events(text: str) -> Iterator[Event]:
        events: Iterator[Event] = YAML(typ="safe", pure=True).parse(text)
        return events

    def _fault(self, line: int, message: str, steps: Steps = ()) -> None:
        self.faults.append(Fault(self.source.name, line + 1, self.source.path(steps), message))
        if len(self.faults) >= MAX_FAULTS:
            raise _Stop

    def _stop(self, line: int, message: str) -> None:
        self._fault(line, message)
        raise _Stop

    def _take(self, event: Event) -> None:
        if isinstance(event, DocumentStartEvent):
            self._begin(event)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self.open.pop()
            self.key.pop()
        elif isinstance(event, AliasEvent | ScalarEvent | MappingStartEvent | SequenceStartEvent):
            self._node(event)

    def _begin(self, event: DocumentStartEvent) -> None:
        line = event.start_mark.line
        if self.nodes:
            self._stop(line, "the file has more than one document; leave one")
        if event.version or event.tags:
            self._fault(line, "the file has a YAML directive (%…); leave it out")

    def _node(self, event: Any) -> None:
        line = event.start_mark.line
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._stop(line, f"the file has more than {MAX_NODES:,} values")
        awaiting_key = bool(self.open) and isinstance(self.open[-1][0], dict) and self.key[-1] is None
        if isinstance(event, AliasEvent) or event.anchor:
            self._fault(line, "anchors and aliases (&, *) are not allowed; write the words out")
        if getattr(event, "tag", None):
            self._fault(line, "tags (!…) are not allowed")
        if awaiting_key:
            self._take_key(event, line)
            return
        steps = self._place(line)
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            value: Any = {} if isinstance(event, MappingStartEvent) else []
            self._put(value)
            if len(self.open) >= MAX_DEPTH:
                self._stop(line, f"the file nests more than {MAX_DEPTH} levels deep")
            self.open.append((value, steps))
            self.key.append(None)
        else:
            self._put(None if isinstance(event, AliasEvent) else self._scalar(event, line, steps))

    def _take_key(self, event: Any, line: int) -> None:
        mapping, steps = self.open[-1]
        if not isinstance(event, ScalarEvent):
            self._stop(line, "a key must be a word, not a list, a mapping or an alias")
        key = event.value
        if len(key) > MAX_KEY:
            self._fault(line, f"the key {shown(key)} is longer than {MAX_KEY} characters", steps)
            key = key[:MAX_KEY]
        if key in mapping:
            first = self.source.lines[(*steps, key)]
            self._fault(line, f"the key {shown(key)} is given twice; first on line {first}", steps)
        self.source.lines[(*steps, key)] = line + 1
        self.key[-1] = key

    def _place(self, line: int) -> Steps:
        if not self.open:
            return ()
        container, steps = self.open[-1]
        if isinstance(container, list):
            here = (*steps, len(container))
            self.source.lines[here] = line + 1
            return here
        return (*steps, str(self.key[-1]))

    def _put(self, value: Any) -> None:
        if not self.open:
            self.source.data = value
            return
        container = self.open[-1][0]
        if isinstance(container, list):
            container.append(value)
        else:
            container[str(self.key[-1])] = value
            self.key[-1] = None

    def _scalar(self, event: ScalarEvent, line: int, steps: Steps) -> str | int | float | bool | None:
        text: str = event.value
        if len(text) > MAX_SCALAR:
            self._fault(line, f"the text is longer than {MAX_SCALAR:,} characters", steps)
            return ""
        if event.style:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        return float(text) if _FLOAT.fullmatch(text) else text
