"""The final pass: how the mechanism is called, which way of saying is taken, and that no two neighbours begin
alike.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.findings import fragments, prose
from app.findings.drafts import Draft
from app.findings.prose import ITS, SUBJECT
from app.findings.speech import Speech

_ADDED = ("In addition", "Furthermore", "Moreover")
_NO_CAPITAL = ("As reported", "According to the answers")
"""Put before a sentence that would begin with a number, a quotation or a script without capitals."""
_PLAIN = "the mechanism"
_KINDS = frozenset(
    {"panel", "process", "forum", "dialogue", "conference", "initiative", "platform", "network"}
)
"""What a mechanism can be called by the head of its name: "the panel"."""
_SAME_WORD = 100
_SAME_ARTICLE = 3
_TWICE = 60
_UNCLEAR = 1000


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to say a sentence, the cost of choosing it, and whether the mechanism is its subject."""

    text: str
    cost: int
    about: str


class Voice:
    """Says one statement after the other; knows how the one before began."""

    def __init__(self, speech: Speech) -> None:
        iscm = speech.setting.iscm
        self._names = speech.names
        self._short_name = iscm.short_name
        self._short = prose.with_article(iscm.short_name, iscm.short_name_article)
        kind = prose.head(iscm.name)
        self._plain = f"the {kind}" if kind in _KINDS else _PLAIN
        self._before = ""
        self._label: str | None = None
        self._about = ""
        self._mentioned = False
        self._fresh = True
        self._opening = True

    def new_section(self) -> None:
        """Forget whom "it" could mean: a heading stands between."""
        self._about, self._mentioned, self._label, self._fresh = "", False, None, True

    def say(self, draft: Draft) -> tuple[str, str | None]:
        """Return the sentence as printed, and its label where it is printed."""
        label = draft.label if draft.label != self._label else None
        self._opening = bool(label) or self._fresh
        self._fresh = False
        if label:
            self._about = ""
        candidates = [way for place, text in enumerate(draft.ways) for way in self._called(text, place)]
        best = min((self._weighed(way) for way in candidates), key=lambda way: (way.cost, way.text))
        text = best.text
        if self._alike(text):
            text = self._added(text)
        elif not _has_capital(text):
            text = f"{next(way for way in _NO_CAPITAL if _start(way) != _start(self._before))}, {text}"
        self._before = text
        self._label = draft.label
        self._about = best.about
        self._mentioned = self._short_name.casefold() in text.casefold()
        said = prose.sentence(text)
        return (f"{label}: {said}" if label else said), label

    def _called(self, text: str, place: int) -> Iterator[_Way]:
        """Every way to call the mechanism in one sentence."""
        cost = place * 4
        if text.startswith(ITS):
            clear = self._about in ("subject", "its")
            yield self._rest("its" + text[len(ITS) :], cost + (0 if clear else _UNCLEAR), "its", False)
            return
        if not text.startswith(SUBJECT):
            whose = text.find(ITS)
            unclear = whose >= 0 and SUBJECT not in text[:whose] and not (self._about or self._mentioned)
            yield self._rest(text, cost + (_UNCLEAR if unclear else 0), "", False)
            return
        rest = text[len(SUBJECT) :]
        yield self._rest(self._short + rest, cost + (2 if self._mentioned else 0), "subject", True)
        clear = self._about == "subject"
        yield self._rest("it" + rest, cost + (1 if clear else _UNCLEAR), "subject", True)
        yield self._rest(self._plain + rest, cost + self._cost_of_plain(), "subject", True)

    def _cost_of_plain(self) -> int:
        """Return what it costs to say "the panel": little where the name was just said."""
        return 1 if self._mentioned else 3 if self._about else 30

    def _rest(self, text: str, cost: int, about: str, said: bool) -> _Way:
        """Fill in the mechanism in the middle of a sentence: by name once at most."""
        said = said or self._mentioned or self._short_name.casefold() in text.casefold()
        while SUBJECT in text:
            text = text.replace(SUBJECT, self._plain if said else self._short, 1)
            said = True
        return _Way(text.replace(ITS, "its"), cost, about)

    def _weighed(self, way: _Way) -> _Way:
        cost = way.cost
        cost += _SAME_WORD if self._alike(way.text) or not _has_capital(way.text) else 0
        cost += _SAME_ARTICLE if not self._opening and _first(way.text) == _first(self._before) else 0
        cost += _TWICE if way.text.casefold().count(self._short_name.casefold()) > 1 else 0
        return _Way(way.text, cost, way.about)

    def _alike(self, text: str) -> bool:
        return bool(self._before) and _start(text) == _start(self._before)

    def _added(self, text: str) -> str:
        """Begin differently where no way of saying does."""
        start = next(word for word in _ADDED if _start(word) != _start(self._before))
        return f"{start}, {fragments.inside(text, self._names)}"


def _has_capital(text: str) -> bool:
    """Whether the first sign is a letter that has a capital."""
    return text[:1].upper() != text[:1].lower()


def _first(text: str) -> str:
    found = re.search(r"[\w'’\-]+", text.casefold())
    return found.group() if found else ""


def _start(text: str) -> str:
    """Return the first word, without its case; "the" takes the next word with it."""
    found = re.match(r"\W*((?:the |an? )?[\w'’\-]+)", text.casefold())
    return found.group(1) if found else ""
