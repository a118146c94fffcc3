"""Names and codes of the register for one request, read once and only if a page needs them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from app.models import Audience, OrganisationKind
from app.queries import answer_sheets
from app.queries.answer_sheets import Listed

FITTING: Mapping[str, Callable[[Listed], bool]] = {
    "states": lambda listed: listed.asked_as is Audience.STATE or listed.kind is OrganisationKind.STATE,
    "mechanisms": lambda listed: listed.kind is OrganisationKind.ISCM,
    "organisations": lambda _listed: True,
}


@dataclass(frozen=True)
class Choosable:
    """One entry of a list to choose from while typing."""

    code: str
    name: str


class Register:
    """Looks up names by code (`Names`) and codes by what was typed (`Directory`) for
    `app.definitions.values`.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def listed(self) -> tuple[Listed, ...]:
        """Every organisation of the register."""
        return answer_sheets.directory(self._session)

    @cached_property
    def _by_code(self) -> Mapping[str, Listed]:
        return {listed.code: listed for listed in self.listed}

    @cached_property
    def _by_word(self) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for to, fits in FITTING.items():
            words = found.setdefault(to, {})
            for listed in filter(fits, self.listed):
                for word in (listed.code, listed.name, listed.full_name, listed.acronym or "", *listed.also):
                    words.setdefault(_bare(word), listed.code)
        return found

    def organisation(self, code: str) -> str:
        """The name for a code; the code itself where the register has no such one."""
        found = self._by_code.get(code)
        return found.name if found else code

    def find(self, to: str, typed: str) -> str | None:
        """The code of a name, an acronym, another spelling or a code; None if the register has none."""
        bare = _bare(typed)
        return (
            self._by_word.get(to, {}).get(bare) or self._by_word.get(to, {}).get(bare.removeprefix("the "))
        ) or None

    def choosable(self, to: str) -> tuple[Choosable, ...]:
        """What a list for `states`, `mechanisms` or `organisations` offers, by name."""
        return tuple(Choosable(listed.code, listed.name) for listed in self.listed if FITTING[to](listed))


def _bare(word: str) -> str:
    return " ".join(word.split()).casefold()
