"""The acts that every kind of question knows. The modules beside this one register how each kind does
them."""

# ruff: noqa: ARG001 - the functions of one act share a signature, whatever their kind needs of it

import re
from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any, NoReturn, Protocol

from app.definitions.plain import Plain
from app.definitions.questions import BaseQuestion

Raw = Mapping[str, Sequence[str]]
"""Form input: every value posted under a name."""

_LINE_END = re.compile("\r+\n")
_DROPPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Names(Protocol):
    """How an organization, State or mechanism is called in running text."""

    def organisation(self, code: str) -> str:
        """Return the name for `code`."""
        ...


class Directory(Protocol):
    """Where names and codes of the register are looked up."""

    def find(self, to: str, typed: str) -> str | None:
        """Return the code of what was typed (a name or a code) among `states`, `organisations` or
        `mechanisms`."""
        ...


class ValueSentence(ValueError):
    """A value of a file cannot be an answer; `sentences` say what to do."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__(" · ".join(sentences))


def normalise(text: str) -> str:
    """Return `text` as it is stored.

    CRLF becomes LF; control characters other than TAB, LF and CR, lone surrogates and U+FFFE/U+FFFF are
    dropped, for no document and no database takes them. Everything else stays as typed.
    """
    return _LINE_END.sub("\n", _DROPPED.sub("", text))


def typed(raw: Raw, name: str) -> str:
    """Return the first value posted under `name`, normalised, or ''."""
    values = raw.get(name) or ("",)
    return normalise(values[0])


def parts(plain: Plain) -> dict[str, Any]:
    """Return the parts of a value that is a mapping, none of any other."""
    return plain if isinstance(plain, dict) else {}


def _unknown(question: object) -> NoReturn:
    raise TypeError(f"no such kind of question: {type(question).__name__}")


@singledispatch
def read(question: BaseQuestion, raw: Raw, name: str, directory: Directory | None = None) -> Plain | None:
    """Return the plain value of what was posted under `name` and its sub-names; None if nothing was.

    What cannot be read as the kind's value (letters for a year) comes back as the text typed: `check` refuses
    it.
    """
    _unknown(question)


@singledispatch
def check(question: BaseQuestion, plain: Plain, directory: Directory | None = None) -> list[str]:
    """Return sentences that say what to do about the value, in the reader's language; none if it is in
    order."""
    _unknown(question)


@singledispatch
def from_file(question: BaseQuestion, raw: Any, directory: Directory | None = None) -> Plain:
    """Return the plain value of an import file's. Raises ValueSentence with what to do about it."""
    _unknown(question)


@singledispatch
def say(question: BaseQuestion, plain: Plain, names: Names, locale: str = "en") -> str:
    """Return the value in words, for reviews, documents and citations."""
    _unknown(question)


@singledispatch
def posted(question: BaseQuestion, plain: Plain, name: str) -> dict[str, list[str]]:
    """Return what a form that shows the value posts: `read` makes the value of it again."""
    _unknown(question)


@singledispatch
def ask(question: BaseQuestion) -> str:
    """Return the sentence shown when a required question has no answer."""
    _unknown(question)
