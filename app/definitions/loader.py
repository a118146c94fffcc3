"""From YAML files to a `Questionnaire`: vocabularies put in, the shape checked, references checked,
translations merged.

Every fault of a file is found in one run, each with its line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.definitions import checks, mending, overlays, source
from app.definitions.explaining import explain
from app.definitions.faults import MAX_FAULTS, DefinitionErrors, Fault, shown, suggestion
from app.definitions.schema import Questionnaire, from_stored
from app.definitions.source import Source, Steps
from app.definitions.vocabularies import Concepts, Vocabulary

__all__ = ["Library", "from_stored", "library", "load", "load_all", "notes"]

_VERSION = re.compile(r"v([0-9]{1,4})\.yaml")
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class Library:
    """What the questionnaires of a folder share."""

    vocabularies: Mapping[str, Vocabulary]
    concepts: frozenset[str] | None
    """The keys of the concepts, or None where the folder has no file of them."""
    broken: frozenset[str] = frozenset()
    """The names of the vocabularies that cannot be read."""
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    """Terms not translated, and translations of terms gone stale."""


def library(root: Path) -> Library:
    """Return the vocabularies and concepts under `root`. Raises DefinitionErrors with the faults of all those
    files."""
    shared = gather(root)
    if shared.faults:
        raise DefinitionErrors(shared.faults)
    return shared


def gather(root: Path) -> Library:
    """Return what can be read of the vocabularies and concepts under `root`, and the `faults` of the rest."""
    faults: list[Fault] = []
    notes: list[Fault] = []
    vocabularies: dict[str, Vocabulary] = {}
    paths = [path for path in sorted((root / "vocabularies").glob("*.yaml")) if "." not in path.stem]
    for path in paths:
        try:
            vocabulary, merged = _vocabulary(path, root)
        except DefinitionErrors as refused:
            faults += refused.faults
        else:
            vocabularies[path.stem] = vocabulary
            notes += merged.notes
    concepts = None
    if (root / "concepts.yaml").exists():
        try:
            found = _parse(Concepts, source.read(root / "concepts.yaml", root))
            concepts = frozenset(concept.key for concept in found.concepts)
        except DefinitionErrors as refused:
            faults += refused.faults
    broken = frozenset(path.stem for path in paths) - set(vocabularies)
    return Library(vocabularies, concepts, broken, tuple(faults), tuple(notes))


def _vocabulary(path: Path, root: Path) -> tuple[Vocabulary, overlays.Merged]:
    read = source.read(path, root)
    vocabulary = _parse(Vocabulary, read)
    if vocabulary.key != path.stem:
        raise DefinitionErrors(
            [read.fault(("key",), f"the key differs from the file's name, {shown(path.stem)}")]
        )
    translated, merged = overlays.of_terms(vocabulary, path, root)
    if merged.faults:
        raise DefinitionErrors(merged.faults)
    return translated, merged


def load(path: Path, root: Path, shared: Library | None = None) -> Questionnaire:
    """Return the questionnaire of the file, in all its languages.

    `root` is the folder with `concepts.yaml` and `vocabularies/`; `shared` spares reading those again. Raises
    DefinitionErrors with every fault of the file, its language files and what it shares with others.
    """
    shared = shared or library(root)
    read = source.read(path, root)
    faults, unsure = _insert_vocabularies(read, shared)
    faults += _name_faults(path, read)
    outcome = mending.parse(read)
    faults += outcome.faults
    if outcome.questionnaire is not None:
        faults += checks.check(outcome.questionnaire, read, shared.concepts, unsure | outcome.unsure)
    if outcome.questionnaire is None or outcome.faults:
        raise DefinitionErrors(faults)
    questionnaire, merged = overlays.of_questions(outcome.questionnaire, path, root)
    faults += merged.faults
    if faults:
        raise DefinitionErrors(faults)
    return questionnaire


def notes(path: Path, root: Path, shared: Library | None = None) -> list[Fault]:
    """Return what the translations of a questionnaire that loads lack: texts not translated, or gone
    stale."""
    return overlays.of_questions(load(path, root, shared), path, root)[1].notes


def load_all(root: Path) -> dict[str, Questionnaire]:
    """Return the newest version of each questionnaire under `root`, by key. Raises DefinitionErrors."""
    shared = library(root)
    faults: list[Fault] = []
    found: dict[str, Questionnaire] = {}
    for path in files(root):
        try:
            questionnaire = load(path, root, shared)
        except DefinitionErrors as refused:
            faults += refused.faults
            continue
        known = found.get(questionnaire.key)
        if known is None or known.version < questionnaire.version:
            found[questionnaire.key] = questionnaire
    if faults:
        raise DefinitionErrors(faults)
    return found


def files(root: Path) -> list[Path]:
    """Return the files of questionnaires under `root`: `<key>/v<number>.yaml`."""
    return sorted(path for path in root.glob("*/v*.yaml") if _VERSION.fullmatch(path.name))


def _parse(model: type[_Model], read: Source) -> _Model:
    try:
        return model.model_validate(read.data)
    except ValidationError as refused:
        raise DefinitionErrors(explain(refused, read, model)) from None


def _name_faults(path: Path, read: Source) -> list[Fault]:
    named = _VERSION.fullmatch(path.name)
    if named is None:
        return []
    faults = []
    if read.data.get("key") != path.parent.name:
        faults.append(
            read.fault(("key",), f"the key differs from the folder's name, {shown(path.parent.name)}")
        )
    if read.data.get("version") != int(named.group(1)):
        faults.append(
            read.fault(("version",), f"the version differs from the file's name, {shown(path.name)}")
        )
    return faults


def _insert_vocabularies(read: Source, shared: Library) -> tuple[list[Fault], set[str]]:
    """Replace each `{vocabulary: …}` by its terms.

    Returns the faults of those that cannot be, and the keys of the questions that got a stand-in instead.
    """
    faults: list[Fault] = []
    unsure: set[str] = set()
    for steps, question in _questions(read.data):
        if "vocabulary" in question:
            near = "options" if "options" in question else "rows"
            faults.append(
                read.fault((*steps, "vocabulary"), f"unknown key here; it belongs inside “{near}:”")
            )
            del question["vocabulary"]
        if len(faults) >= MAX_FAULTS:
            break
        for name in ("options", "rows"):
            asked = question.get(name)
            if isinstance(asked, dict) and "vocabulary" in asked:
                terms, found = _terms(read, (*steps, name), asked, shared)
                faults += found
                question[name] = terms or [_STANDS_IN]
                question["vocabulary"] = str(asked["vocabulary"])
                if name == "options" and _alphabetical(asked, shared):
                    question["alphabetical"] = True
                if not terms:
                    unsure.add(str(question.get("key")))
    return faults, unsure


def _alphabetical(asked: dict[str, Any], shared: Library) -> bool:
    vocabulary = shared.vocabularies.get(str(asked["vocabulary"]))
    return vocabulary is not None and vocabulary.alphabetical


def _terms(
    read: Source, steps: Steps, asked: dict[str, Any], shared: Library
) -> tuple[list[dict[str, Any]], list[Fault]]:
    name = str(asked["vocabulary"])
    vocabulary = shared.vocabularies.get(name)
    if vocabulary is None:
        message = f"there is no vocabulary {shown(name)}{suggestion(name, shared.vocabularies)}"
        return [], [] if name in shared.broken else [read.fault((*steps, "vocabulary"), message)]
    keys = [term.key for term in vocabulary.terms]
    faults = [
        read.fault((*steps, word), f"unknown key {shown(word)}{suggestion(word, _WORDS)}")
        for word in asked
        if word not in _WORDS
    ]
    chosen: dict[str, list[str]] = {"only": keys, "except": []}
    for word in chosen:
        listed = asked.get(word)
        if isinstance(listed, list):
            chosen[word] = [str(key) for key in listed]
        elif word in asked:
            faults.append(read.fault((*steps, word), "should be a list of terms"))
        for key in chosen[word][:MAX_TERMS]:
            if key not in keys:
                near = suggestion(key, keys)
                faults.append(read.fault((*steps, word), f"{shown(name)} has no term {shown(key)}{near}"))
    kept = [
        term for term in vocabulary.terms if term.key in chosen["only"] and term.key not in chosen["except"]
    ]
    if not kept and not faults:
        faults.append(read.fault(steps, "no term is left"))
    return [dict(term.option()) for term in kept], faults


MAX_TERMS = 300
"""How many terms a vocabulary may have, and so how many of them can be named."""
_WORDS = ("vocabulary", "only", "except")
_STANDS_IN = {"key": "missing", "text": "missing"}


def _questions(data: Any) -> list[tuple[Steps, dict[str, Any]]]:
    """Every mapping that may have options: questions, fields of lists, cells of matrices. Takes any shape of
    data."""
    found: list[tuple[Steps, dict[str, Any]]] = []
    for at, section in _items(data, "sections", ()):
        for below, page in _items(section, "pages", at):
            for place, question in _items(page, "questions", below):
                found.append((place, question))
                found += _items(question, "fields", place)
                if isinstance(question.get("cell"), dict):
                    found.append(((*place, "cell"), question["cell"]))
    return found


def _items(data: Any, key: str, steps: Steps) -> list[tuple[Steps, dict[str, Any]]]:
    listed = data.get(key) if isinstance(data, dict) else None
    if not isinstance(listed, list):
        return []
    return [((*steps, key, i), item) for i, item in enumerate(listed) if isinstance(item, dict)]
