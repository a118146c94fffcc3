"""Where names and codes of the register are looked up: read once, and only if somebody asks."""

from collections.abc import Mapping
from functools import cached_property

from sqlalchemy.orm import Session

from app.models import Audience, OrganisationKind
from app.queries import answer_sheets
from app.queries.answer_sheets import Listed


def fits(to: str, listed: Listed) -> bool:
    """Whether an organisation can be named where ``states``, ``organisations`` or ``mechanisms`` are asked
    for. Mechanisms are organisations too: a partner may be one.
    """
    mechanism = listed.kind is OrganisationKind.ISCM
    if to == "states":
        return listed.asked_as is Audience.STATE or listed.kind is OrganisationKind.STATE
    return mechanism or to == "organisations"


class RegisterDirectory:
    """Finds codes by what was typed: a code, a name, an acronym, another spelling, in any case of the
    letters.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def _listed(self) -> tuple[Listed, ...]:
        return answer_sheets.directory(self._session)

    @cached_property
    def _codes(self) -> Mapping[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for to in ("states", "organisations", "mechanisms"):
            for listed in self._listed:
                if fits(to, listed):
                    words = (listed.code, listed.name, listed.full_name, listed.acronym or "", *listed.also)
                    for word in words:
                        found.setdefault((to, _bare(word)), listed.code)
        return found

    def find(self, to: str, typed: str) -> str | None:
        """The code of what was typed, None if the register has no such entry."""
        bare = _bare(typed)
        return self._codes.get((to, bare)) or self._codes.get((to, bare.removeprefix("the ")))


def _bare(word: str) -> str:
    return " ".join(word.split()).casefold()
