"""Which questions of the round before find no counterpart in this one: staff know what is asked anew."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.definitions import matching
from app.definitions.matching import Lost
from app.models import Round
from app.queries import definitions, earlier_answers


@dataclass(frozen=True)
class LostMatches:
    """What lost its counterpart between two versions of one questionnaire."""

    questionnaire: str
    before: int
    now: int
    lost: tuple[Lost, ...]


def of_round(session: Session, round_: Round) -> list[LostMatches]:
    """Return what lost its counterpart, questionnaire by questionnaire; nothing where all have one."""
    found = []
    for old_id, new_id in earlier_answers.versions_before(session, round_.id):
        old, new = definitions.of(session, old_id), definitions.of(session, new_id)
        lost = matching.lost(old, new)
        if lost:
            found.append(LostMatches(new.key, old.version, new.version, tuple(lost)))
    return found
