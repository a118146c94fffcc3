"""What differs between two versions of a questionnaire, and whether it may be applied while a round is open.

*wording*: only words, or where a question stands. *widening*: more can be answered than before. *narrowing*:
something answered before may no longer fit, or more is required. *forbidden*: a key means something else than
before.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from app.definitions import conditions
from app.definitions.addresses import of_questionnaire
from app.definitions.questions import (
    Choices,
    ChosenIn,
    ClosedQuestion,
    LongText,
    Matrix,
    Number,
    Option,
    Question,
    Records,
    Reference,
    ShortText,
    Year,
    YesNo,
)
from app.definitions.schema import Place, Questionnaire
from app.definitions.text import LocalizedText

Kind = Literal["wording", "widening", "narrowing", "forbidden"]


@dataclass(frozen=True)
class Difference:
    """One difference: its class, the address of what differs, and what happened to it.

    ``old`` and ``new`` are what stood there and what stands there now: words, a limit, a kind; '' where there
    is nothing. ``rules`` are the conditions before and after, where one changed.
    """

    kind: Kind
    key: str
    what: str
    old: str = ""
    new: str = ""
    rules: tuple[conditions.Rule | None, conditions.Rule | None] | None = None


ORDER: tuple[Kind, ...] = ("wording", "widening", "narrowing", "forbidden")
"""The classes, from the one that changes least to the one that may not be applied."""


def strictest(differences: Iterable[Difference]) -> Kind | None:
    """Return the class of several differences together, None where there are none."""
    return max((each.kind for each in differences), key=ORDER.index, default=None)


def compare(old: Questionnaire, new: Questionnaire) -> list[Difference]:
    """Return the differences from `old` to `new`, in the order of `new`, what was removed last.

    Raises ValueError if they are not versions of one questionnaire.
    """
    if (old.key, old.audience) != (new.key, new.audience):
        raise ValueError(f"{old.key} and {new.key} are not versions of one questionnaire")
    found: list[Difference] = []
    for address, place in new.places.items():
        before = old.places.get(address)
        if before is None:
            kind: Kind = "narrowing" if place.question.required else "widening"
            found.append(Difference(kind, address, "question added", new=str(place.question.text)))
        else:
            found += _question(address, before, place)
    found += [
        Difference("narrowing", address, "question removed", old=str(place.question.text))
        for address, place in old.places.items()
        if address not in new.places
    ]
    if [key for key in old.places if key in new.places] != [key for key in new.places if key in old.places]:
        found.append(Difference("wording", "", "the order of the questions changed"))
    found += _sections(old, new)
    found += _words(old, new)
    if not found and _content(old) != _content(new):
        found.append(Difference("wording", "", "how it is shown changed"))
    return found


def _content(questionnaire: Questionnaire) -> dict[str, Any]:
    return {**questionnaire.stored(), "version": 0}


def _repeated(questionnaire: Questionnaire) -> dict[str, str]:
    return {section.key: str(section.title) for section in questionnaire.sections if section.repeat}


def _sections(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    before = {section.key: section for section in old.sections}
    there, here = _repeated(old), _repeated(new)
    for key in here:
        if key not in before:
            what = "a section repeated for each mechanism was added"
            yield Difference("forbidden", key, what, new=here[key])
    for key in there:
        if key not in {section.key for section in new.sections}:
            what = "a section repeated for each mechanism was removed"
            yield Difference("forbidden", key, what, old=there[key])
    for section in new.sections:
        was = before.get(section.key)
        if was is None:
            continue
        if was.repeat != section.repeat:
            yield Difference("forbidden", section.key, "the section repeats otherwise than before")
        yield from _rule(section.key, was, section)
        pages = {page.key: page for page in was.pages}
        for page in section.pages:
            if page.key in pages:
                yield from _rule(f"{section.key}.{page.key}", pages[page.key], page)
                if pages[page.key].more != page.more:
                    yield Difference(
                        "wording", f"{section.key}.{page.key}", "it moved behind or before “Say more”"
                    )


_OPTIONAL = ("intro", "hint", "help", "example", "label", "stem", "inline", "unit")


def _words(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    before = {spoken.address: spoken.text for spoken in of_questionnaire(old)}
    after = {spoken.address: spoken.text for spoken in of_questionnaire(new)}
    for address, text in after.items():
        if address in before and before[address].stored() != text.stored():
            yield _word(address, before[address], text)
    stands = [f"questions.{address}." for address in old.places.keys() & new.places.keys()]
    for address in sorted(set(before) ^ set(after)):
        if address.startswith("questions.") and not address.startswith(tuple(stands)):
            continue  # the question itself was added or removed, which is said already
        if address.rpartition(".")[2] in _OPTIONAL or ".warn." in address:
            what = "words added" if address in after else "words removed"
            yield Difference(
                "wording", address, what, str(before.get(address, "")), str(after.get(address, ""))
            )


def _word(address: str, old: LocalizedText, new: LocalizedText) -> Difference:
    if str(old) != str(new):
        return Difference("wording", address, "the words changed", str(old), str(new))
    locales = sorted({*old.translations, *new.translations})
    changed = [each for each in locales if old.translations.get(each) != new.translations.get(each)]
    before = "\n".join(f"{each}: {old.translations[each]}" for each in changed if each in old.translations)
    after = "\n".join(f"{each}: {new.translations[each]}" for each in changed if each in new.translations)
    return Difference("wording", address, "the words changed", before, after)


def _question(address: str, old: Place, new: Place) -> Iterator[Difference]:
    before, after = old.question, new.question
    if before.kind != after.kind:
        yield Difference("forbidden", address, "the kind changed", before.kind, after.kind)
        return
    if _block(old) != _block(new):
        yield Difference(
            "forbidden", address, "the question moved into or out of the blocks for each mechanism"
        )
    elif (old.section.key, old.page.key) != (new.section.key, new.page.key):
        yield Difference(
            "wording",
            address,
            "the question moved to another page",
            f"{old.section.title}: {old.page.title}",
            f"{new.section.title}: {new.page.title}",
        )
    if before.required != after.required:
        kind: Kind = "narrowing" if after.required else "widening"
        yield Difference(kind, address, "now required" if after.required else "no longer required")
    if before.concept != after.concept:
        yield Difference(
            "forbidden", address, "the concept changed", before.concept or "", after.concept or ""
        )
    if before.known != after.known or before.reuse != after.reuse:
        yield Difference("wording", address, "what is offered beside it changed")
    if [_plain(warn.when) for warn in before.warn] != [_plain(warn.when) for warn in after.warn]:
        yield Difference("wording", address, "the warnings changed")
    yield from _limit(address, "attachments", before.most_attachments, after.most_attachments, 0)
    yield from _rule(address, before, after)
    yield from _limits(address, before, after)
    yield from _kind(address, before, after)


def _block(place: Place) -> str | None:
    return place.section.key if place.section.repeat else None


def _rule(address: str, old: Any, new: Any) -> Iterator[Difference]:
    before, after = _plain(old.when), _plain(new.when)
    if before != after:
        kind: Kind = "widening" if after is None else "narrowing"
        what = "asked without condition" if after is None else "the condition changed"
        yield Difference(kind, address, what, rules=(old.when, new.when))


def _plain(rule: conditions.Rule | None) -> dict[str, Any] | None:
    return None if rule is None else conditions.plain(rule)


_UPPER: Mapping[type[BaseModel], tuple[str, ...]] = {
    ShortText: ("max_chars", "max_words"),
    LongText: ("max_chars", "max_words"),
    Number: ("max",),
    Year: ("max",),
    Choices: ("max_choices",),
    Records: ("max",),
}
_LOWER: Mapping[type[BaseModel], tuple[str, ...]] = {Number: ("min",), Year: ("min",), Records: ("min",)}
_OPENING: Mapping[type[BaseModel], tuple[str, ...]] = {YesNo: ("unsure",), Reference: ("several", "other")}


def _limits(address: str, old: Question, new: Question) -> Iterator[Difference]:
    for shape, names in _UPPER.items():
        if isinstance(new, shape):
            for name in names:
                yield from _limit(address, name, getattr(old, name), getattr(new, name), float("inf"))
    for shape, names in _LOWER.items():
        if isinstance(new, shape):
            for name in names:
                before, after = getattr(old, name), getattr(new, name)
                yield from _limit(address, name, _minus(before), _minus(after), float("inf"))
    for shape, names in _OPENING.items():
        if isinstance(new, shape):
            for name in names:
                yield from _limit(address, name, getattr(old, name), getattr(new, name), 0)


def _minus(bound: float | None) -> float | None:
    return None if bound is None else -bound


def _limit(
    address: str, name: str, old: float | None, new: float | None, none: float
) -> Iterator[Difference]:
    before, after = none if old is None else old, none if new is None else new
    if after > before:
        yield Difference("widening", address, f"“{name}” allows more", _bound(name, old), _bound(name, new))
    elif after < before:
        yield Difference("narrowing", address, f"“{name}” allows less", _bound(name, old), _bound(name, new))


def _bound(name: str, value: float | None) -> str:
    """A limit as it was written; lower ones are compared with their sign turned."""
    if value is None or isinstance(value, bool):
        return ""
    return str(-value if name == "min" else value)


def _kind(address: str, old: Question, new: Question) -> Iterator[Difference]:
    if isinstance(old, ClosedQuestion) and isinstance(new, ClosedQuestion):
        yield from _options(address, old.options, new.options)
    if isinstance(old, Choices) and isinstance(new, Choices) and set(old.exclusive) != set(new.exclusive):
        more = set(new.exclusive) - set(old.exclusive)
        yield Difference("narrowing" if more else "widening", address, "the options that stand alone changed")
    if isinstance(old, Reference) and isinstance(new, Reference) and old.to != new.to:
        yield Difference("forbidden", address, "it refers to others than before", old.to, new.to)
    if isinstance(old, Number) and isinstance(new, Number) and old.integer != new.integer:
        kind: Kind = "narrowing" if new.integer else "widening"
        yield Difference(kind, address, "whole numbers only" if new.integer else "fractions allowed")
    if isinstance(old, Records) and isinstance(new, Records) and (old.none is None) != (new.none is None):
        kind = "narrowing" if new.none is None else "widening"
        yield Difference(
            kind, address, "“none” is no answer now" if new.none is None else "“none” is an answer now"
        )
    if isinstance(old, Matrix) and isinstance(new, Matrix):
        yield from _matrix(address, old, new)


def _matrix(address: str, old: Matrix, new: Matrix) -> Iterator[Difference]:
    if old.cell.kind != new.cell.kind:
        yield Difference("forbidden", address, "the kind of the cells changed", old.cell.kind, new.cell.kind)
    else:
        yield from _limits(f"{address}.cell", old.cell, new.cell)
        yield from _kind(f"{address}.cell", old.cell, new.cell)
    chosen = [matrix.rows for matrix in (old, new) if isinstance(matrix.rows, ChosenIn)]
    if chosen and old.rows != new.rows:
        yield Difference("forbidden", address, "the rows come from elsewhere")
    else:
        yield from _options(address, old.listed(), new.listed())


def _options(address: str, old: tuple[Option, ...], new: tuple[Option, ...]) -> Iterator[Difference]:
    before, after = {option.key: option for option in old}, {option.key: option for option in new}
    for key in after:
        if key not in before:
            yield Difference("widening", f"{address}.{key}", "option added", new=str(after[key].text))
        elif before[key].specify != after[key].specify:
            kind: Kind = "widening" if not after[key].specify else "narrowing"
            yield Difference(kind, f"{address}.{key}", "own words are asked otherwise than before")
    for key in before:
        if key not in after:
            yield Difference("narrowing", f"{address}.{key}", "option removed", str(before[key].text))
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield Difference("wording", address, "the order of the options changed")
