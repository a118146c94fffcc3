"""The questionnaires that lie in the folder: each file as a value, or with every fault it has.

Reading them costs a second, so what was read is kept until a file changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from app.definitions import loader, overlays
from app.definitions.faults import DefinitionErrors, Fault
from app.definitions.schema import Questionnaire


@dataclass(frozen=True)
class Lying:
    """One file: the folder and name it has, and what it says or why it cannot be read."""

    key: str
    name: str
    questionnaire: Questionnaire | None
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    """Texts not translated, and translations gone stale."""

    @property
    def number(self) -> int:
        """The version that its name says."""
        return int(self.name.removeprefix("v").removesuffix(".yaml"))


@dataclass(frozen=True)
class Shelf:
    """Every file, by folder and version, and the faults of what they share."""

    files: tuple[Lying, ...]
    faults: tuple[Fault, ...] = ()

    def find(self, key: str, name: str) -> Lying | None:
        """The file with that name in the folder, None if there is none."""
        return next((each for each in self.files if (each.key, each.name) == (key, name)), None)


Print = tuple[tuple[str, int, int], ...]
_kept: dict[Path, tuple[Print, Shelf]] = {}
_lock = Lock()


def shelf(root: Path) -> Shelf:
    """Return what lies under ``root``, read anew only where a file has changed since."""
    found = tuple(_prints(root))
    with _lock:
        kept = _kept.get(root)
    if kept is not None and kept[0] == found:
        return kept[1]
    read = _read(root)
    with _lock:
        _kept[root] = (found, read)
    return read


def _prints(root: Path) -> Iterator[tuple[str, int, int]]:
    """By what a changed file is told: its path, when it was written, its size."""
    for pattern in ("*.yaml", "vocabularies/*.yaml", "*/v*.yaml"):
        for path in sorted(root.glob(pattern)):
            about = path.stat()
            yield str(path), about.st_mtime_ns, about.st_size


def _read(root: Path) -> Shelf:
    shared = loader.gather(root)
    files = [_lying(path, root, shared) for path in loader.files(root)]
    files.sort(key=lambda each: (each.key, each.number))
    return Shelf(tuple(files), shared.faults)


def _lying(path: Path, root: Path, shared: loader.Library) -> Lying:
    key, name = path.parent.name, path.name
    try:
        questionnaire = loader.load(path, root, shared)
    except DefinitionErrors as refused:
        return Lying(key, name, None, tuple(refused.faults))
    notes = overlays.of_questions(questionnaire, path, root)[1].notes
    return Lying(key, name, questionnaire, (), tuple(notes))
