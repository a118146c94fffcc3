"""Which question of another version asks the same: by concept, within one kind, for a list field by field.

A key may change from one round to the next, a concept does not; questions without a concept are matched by
their key. Only an answer whose question has a counterpart can be confirmed; staff are told which lost theirs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.definitions.questions import Matrix, Note
from app.definitions.schema import Place, Questionnaire


@dataclass(frozen=True)
class Lost:
    """A question of the version before that has no counterpart: what it was, and what stands there now."""

    address: str
    concept: str | None
    label: str
    was: str
    now: str | None


@lru_cache(maxsize=64)
def _counterparts(old: "_Digested", new: "_Digested") -> Mapping[str, str]:
    found: dict[str, str] = {}
    for address, place in old.questionnaire.places.items():
        if isinstance(place.question, Note):
            continue
        fitting = [other for other in _candidates(place, new.questionnaire, found) if _alike(place, other[1])]
        same_key = [other for other in fitting if other[0] == address]
        chosen = same_key or fitting
        if chosen:
            found[address] = chosen[0][0]
    return found


@dataclass(frozen=True, eq=False)
class _Digested:
    """A questionnaire as a key of the cache: two with the same digest are one."""

    questionnaire: Questionnaire

    def __hash__(self) -> int:
        return hash(self.questionnaire.digest())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Digested) and other.questionnaire.digest() == self.questionnaire.digest()


def counterparts(old: Questionnaire, new: Questionnaire) -> Mapping[str, str]:
    """Return the address in ``new`` of each in ``old`` (``effects``, ``effects.year``) that has one."""
    return _counterparts(_Digested(old), _Digested(new))


def lost(old: Questionnaire, new: Questionnaire) -> list[Lost]:
    """Return the questions of ``old`` whose answers find no place in ``new``, in the order of ``old``."""
    kept = counterparts(old, new)
    return [
        Lost(address, place.question.concept, str(place.question.name), place.question.kind, _now(place, new))
        for address, place in old.places.items()
        if address not in kept and not isinstance(place.question, Note)
    ]


def _candidates(place: Place, new: Questionnaire, found: Mapping[str, str]) -> Iterator[tuple[str, Place]]:
    """The places of ``new`` where the counterpart may stand: for a field, those of the list's counterpart."""
    if place.records is None:
        yield from ((address, other) for address, other in new.places.items() if other.records is None)
        return
    around = found.get(place.records.key)
    for address, other in new.places.items():
        if other.records is not None and other.records.key == around:
            yield address, other


def _alike(place: Place, other: Place) -> bool:
    """Whether both ask for the same thing in the same form, and as often."""
    before, now = place.question, other.question
    if before.kind != now.kind or bool(place.section.repeat) != bool(other.section.repeat):
        return False
    if isinstance(before, Matrix) and isinstance(now, Matrix) and before.cell.kind != now.cell.kind:
        return False
    if before.concept and now.concept:
        return before.concept == now.concept
    return before.key == now.key


def _now(place: Place, new: Questionnaire) -> str | None:
    """The kind of what asks for the same concept now, None where nothing does."""
    concept = place.question.concept
    same = [other for other in new.places.values() if concept and other.question.concept == concept]
    return same[0].question.kind if same else None
