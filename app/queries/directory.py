"""Where names and codes of the register are looked up: read once, and only if somebody asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from app.models import Audience, OrganisationKind
from app.queries import answer_sheets
from app.queries.answer_sheets import Listed

_CODED_BY_ACRONYM = (OrganisationKind.IGO, OrganisationKind.UNION, OrganisationKind.AGENCY)
KINDS = ("states", "organisations", "mechanisms")
"""What a question can ask to be named."""


def fits(to: str, listed: Listed) -> bool:
    """Whether an organisation can be named where ``states``, ``organisations`` or ``mechanisms`` are asked
    for. Mechanisms are organisations too: a partner may be one.
    """
    mechanism = listed.kind is OrganisationKind.ISCM
    if to == "states":
        return listed.asked_as is Audience.STATE or listed.kind is OrganisationKind.STATE
    return mechanism or to == "organisations"


@dataclass(frozen=True)
class Choosable:
    """One entry of a list to choose from while typing; ``label`` says more than the name, if there is more:
    browsers look in it too.
    """

    code: str
    name: str
    label: str = ""


class RegisterDirectory:
    """Finds codes by what was typed (a code, a name, a short name, an acronym, another spelling, in any case
    of the letters) and names by code.

    It holds the organisations that exist or, for a respondent that does not, those made up for training:
    nobody can name one of the other kind.
    """

    def __init__(self, session: Session, *, fictional: bool) -> None:
        self._session = session
        self._fictional = fictional

    @cached_property
    def listed(self) -> tuple[Listed, ...]:
        """Every organisation that can be named, by name."""
        return answer_sheets.directory(self._session, self._fictional)

    @cached_property
    def _by_code(self) -> Mapping[str, Listed]:
        return {listed.code: listed for listed in self.listed}

    @cached_property
    def _by_word(self) -> Mapping[tuple[str, str], str]:
        """Codes by what can be named and a word for it. What one is called goes before another's spelling."""
        found: dict[tuple[str, str], str] = {}
        for to in KINDS:
            called = [(listed.code, listed.words) for listed in self.listed if fits(to, listed)]
            for place in range(max((len(words) for _code, words in called), default=0)):
                for code, words in called:
                    if place < len(words):
                        found.setdefault((to, _bare(words[place])), code)
        return found

    def organisation(self, code: str) -> str:
        """The name for a code; the code itself where the register has no such one."""
        found = self._by_code.get(code)
        return found.name if found else code

    def find(self, to: str, typed: str) -> str | None:
        """The code of what was typed, None if the register has no such entry."""
        bare = _bare(typed)
        return self._by_word.get((to, bare)) or self._by_word.get((to, bare.removeprefix("the ")))

    def choosable(self, to: str) -> tuple[Choosable, ...]:
        """What a list for `states`, `mechanisms` or `organisations` offers, by name."""
        return tuple(
            Choosable(listed.code, listed.name, _label(listed)) for listed in self.listed if fits(to, listed)
        )


def _label(listed: Listed) -> str:
    """The name with the short name, the acronym and, of one that goes by its acronym, what that stands for.

    Some browsers look only in the label, so the name stands in it. Other spellings are found and never shown.
    """
    full = listed.full_name.removeprefix("the ") if listed.kind is not OrganisationKind.STATE else ""
    code = listed.code if listed.kind in _CODED_BY_ACRONYM else ""
    more = [
        word
        for word in dict.fromkeys((listed.short_name, listed.acronym or "", full, code))
        if word and _bare(word) not in _bare(listed.name)
    ]
    return f"{listed.name} ({', '.join(more)})" if more else ""


def _bare(word: str) -> str:
    return " ".join(word.split()).casefold()
