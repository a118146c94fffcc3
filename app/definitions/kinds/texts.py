"""Free text, and addresses on the web."""

# ruff: noqa: ARG001 - the functions of one act share a signature, whatever their kind needs of it

import re
from typing import Any

from app.definitions.kinds import acts
from app.definitions.kinds.acts import Directory, Names, Raw, ValueSentence
from app.definitions.plain import Plain
from app.definitions.questions import Link, LongText, ShortText, TextQuestion
from app.i18n import _ as translated

MAX_LINK = 2_000
_ADDRESS = re.compile(r"https?://[^\s/?#@]+\.?[^\s]*", re.IGNORECASE)


def words(text: str) -> int:
    """Return the number of words: what stands between white space."""
    return len(text.split())


def too_long(text: str, max_chars: int | None, max_words: int | None) -> list[str]:
    """Return what to do about a text over its limits; characters are counted as code points."""
    found = []
    if max_words is not None and (count := words(text)) > max_words:
        found.append(
            translated(
                "The text has %(count)s words. Shorten it by %(over)s", count=count, over=count - max_words
            )
        )
    if max_chars is not None and len(text) > max_chars:
        found.append(
            translated(
                "The text has %(count)s characters. Shorten it by %(over)s",
                count=len(text),
                over=len(text) - max_chars,
            )
        )
    return found


@acts.read.register
def _(question: TextQuestion, raw: Raw, name: str, directory: Directory | None = None) -> Plain | None:
    text = acts.typed(raw, name)
    return text if text.strip() else None


@acts.check.register
def _(question: TextQuestion, plain: Plain, directory: Directory | None = None) -> list[str]:
    if not isinstance(plain, str):
        return [translated("Give a text")]
    if not isinstance(question, ShortText | LongText):
        return []
    sentences = too_long(plain, question.max_chars, question.max_words)
    if isinstance(question, ShortText) and "\n" in plain:
        sentences.append(translated("Write this on one line"))
    return sentences


@acts.from_file.register
def _(question: TextQuestion, raw: Any, directory: Directory | None = None) -> Plain:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueSentence([translated("Give a text")])
    return _checked(question, acts.normalise(raw))


@acts.say.register
def _(question: TextQuestion, plain: Plain, names: Names, locale: str = "en") -> str:
    return str(plain)


@acts.posted.register
def _(question: TextQuestion, plain: Plain, name: str) -> dict[str, list[str]]:
    return {name: [str(plain)]}


@acts.ask.register
def _(question: TextQuestion) -> str:
    return translated("Complete the sentence") if question.stem else translated("Write an answer")


@acts.read.register
def _(question: Link, raw: Raw, name: str, directory: Directory | None = None) -> Plain | None:
    return acts.typed(raw, name).strip() or None


@acts.check.register
def _(question: Link, plain: Plain, directory: Directory | None = None) -> list[str]:
    if not isinstance(plain, str) or not _ADDRESS.fullmatch(plain):
        return [translated("Give the full address, such as https://www.example.org/report")]
    return too_long(plain, MAX_LINK, None)


@acts.from_file.register
def _(question: Link, raw: Any, directory: Directory | None = None) -> Plain:
    if not isinstance(raw, str):
        raise ValueSentence(acts.check(question, ""))
    return _checked(question, acts.normalise(raw).strip())


@acts.say.register
def _(question: Link, plain: Plain, names: Names, locale: str = "en") -> str:
    return str(plain)


@acts.posted.register
def _(question: Link, plain: Plain, name: str) -> dict[str, list[str]]:
    return {name: [str(plain)]}


@acts.ask.register
def _(question: Link) -> str:
    return translated("Give the address of a page")


def _checked(question: TextQuestion | Link, text: str) -> str:
    if sentences := acts.check(question, text):
        raise ValueSentence(sentences)
    return text
