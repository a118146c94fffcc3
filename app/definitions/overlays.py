"""Words in other languages: files `v1.fr.yaml` and `themes.fr.yaml` beside what they translate, merged into
it.

    locale: fr
    texts:
      questions.takes_part.text: {text: "…", of: 3f9a0c21d4e7}

An entry names a text by its address (`app.definitions.addresses`) and remembers in `of` the digest of the
source text it was made of: where that has changed since, the translation is used and marked *stale*.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from app.definitions import source
from app.definitions.addresses import Spoken, of_questionnaire, of_vocabulary
from app.definitions.explaining import explain
from app.definitions.faults import MAX_FAULTS, DefinitionErrors, Fault, shown, suggestion
from app.definitions.questions import Frozen
from app.definitions.schema import Questionnaire, from_stored
from app.definitions.source import Source
from app.definitions.text import STORED, digest, placeholders
from app.definitions.vocabularies import Vocabulary


class Entry(Frozen):
    """One translated text."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    of: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]


class Overlay(Frozen):
    """A language file."""

    locale: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    texts: dict[str, Entry] = Field(default_factory=dict)


@dataclass(frozen=True)
class Merged:
    """What the language files of one definition came to."""

    stored: dict[str, Any]
    locales: tuple[str, ...]
    faults: list[Fault]
    notes: list[Fault]
    """Texts without a translation and translations gone stale: nothing is refused for them."""


def of_questions(questionnaire: Questionnaire, path: Path, root: Path) -> tuple[Questionnaire, Merged]:
    """Return the questionnaire with the translations that lie beside `path`, and what there is to say about
    them."""
    merged = _merge(list(of_questionnaire(questionnaire)), questionnaire.stored(), path, root)
    if not merged.locales:
        return questionnaire, merged
    return from_stored({**merged.stored, "locales": list(merged.locales)}), merged


def of_terms(vocabulary: Vocabulary, path: Path, root: Path) -> tuple[Vocabulary, Merged]:
    """Return the vocabulary with the translations that lie beside `path`, and what there is to say about
    them."""
    stored = vocabulary.model_dump(mode="json", exclude_defaults=True)
    merged = _merge(list(of_vocabulary(vocabulary)), stored, path, root)
    return Vocabulary.model_validate(merged.stored, context={STORED: True}), merged


def _merge(spoken: list[Spoken], stored: dict[str, Any], path: Path, root: Path) -> Merged:
    faults: list[Fault] = []
    notes: list[Fault] = []
    locales: list[str] = []
    for file in sorted(path.parent.glob(f"{path.stem}.*.yaml")):
        try:
            read = source.read(file, root)
            overlay = _overlay(read)
        except DefinitionErrors as refused:
            faults += refused.faults
            continue
        if file.name != f"{path.stem}.{overlay.locale}.yaml":
            faults.append(read.fault(("locale",), "the locale differs from the file's name"))
        locales.append(overlay.locale)
        faults += islice(_wrong(spoken, overlay, read), MAX_FAULTS)
        notes += _lacking(spoken, overlay, read)
        _put(spoken, overlay, stored)
    return Merged(stored, tuple(locales), faults, notes)


def _overlay(read: Source) -> Overlay:
    try:
        return Overlay.model_validate(read.data)
    except ValidationError as refused:
        raise DefinitionErrors(explain(refused, read, Overlay)) from None


def _wrong(spoken: Iterable[Spoken], overlay: Overlay, read: Source) -> Iterable[Fault]:
    known = {one.address: one.text for one in spoken}
    for address, entry in overlay.texts.items():
        steps = ("texts", address)
        if address not in known:
            yield read.fault(steps, f"there is no text at this address{suggestion(address, known)}")
        elif placeholders(entry.text) != placeholders(known[address]):
            wanted = ", ".join(shown("{" + name + "}") for name in sorted(placeholders(known[address])))
            yield read.fault(steps, f"the placeholders differ from the source's: {wanted or 'it has none'}")


def _lacking(spoken: Iterable[Spoken], overlay: Overlay, read: Source) -> Iterable[Fault]:
    for one in spoken:
        entry = overlay.texts.get(one.address)
        if entry is None:
            if not one.borrowed:
                message = f"not translated: {shown(one.text)} (of: {digest(one.text)})"
                yield Fault(read.name, read.line(("texts",)), one.address, message)
        elif entry.of != digest(one.text):
            message = f"stale: the source now reads {shown(one.text)} (of: {digest(one.text)})"
            yield Fault(read.name, read.line(("texts", one.address)), one.address, message)


def _put(spoken: Iterable[Spoken], overlay: Overlay, stored: dict[str, Any]) -> None:
    for one in spoken:
        entry = overlay.texts.get(one.address)
        if entry is None:
            continue
        holder: Any = stored
        for step in one.steps[:-1]:
            holder = holder[step]
        last = one.steps[-1]
        words = holder[last] if isinstance(holder[last], dict) else {"source": str(one.text), "stale": []}
        words[overlay.locale] = entry.text
        if entry.of != digest(one.text):
            words["stale"] = [*words["stale"], overlay.locale]
        holder[last] = words
