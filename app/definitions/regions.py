"""The regions by which States are grouped: UN M49's and IOM's, read from a file of the register."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from app.definitions import source
from app.definitions.explaining import explain
from app.definitions.faults import DefinitionErrors
from app.definitions.questions import Frozen
from app.definitions.text import LocalizedText

Scheme = Literal["m49", "iom"]
COMMITTED = Path(__file__).parents[2] / "questionnaires" / "register" / "regions.yaml"


class Region(Frozen):
    """One region, or (``within``) a sub-region of another; ``fictional`` are those of made-up countries."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,8}$")]
    name: LocalizedText
    within: str | None = None
    fictional: bool = False
    source: str | None = None


class Division(Frozen):
    """All regions of one scheme, in the order of the tables; ``to_be_confirmed`` is for its owner to look
    at.
    """

    key: Scheme
    title: LocalizedText
    source: str | None = None
    to_be_confirmed: Annotated[tuple[str, ...], Field(strict=False)] = ()
    regions: Annotated[tuple[Region, ...], Field(strict=False, min_length=1, max_length=300)]

    @model_validator(mode="after")
    def _codes_are_sound(self) -> "Division":
        tops = {region.code for region in self.regions if region.within is None}
        seen: set[str] = set()
        for region in self.regions:
            if region.code in seen:
                raise PydanticCustomError("code_twice", "{code} stands here twice", {"code": region.code})
            if region.within is not None and region.within not in tops:
                raise PydanticCustomError(
                    "no_such_region",
                    "{code} lies within {within}, which is no region here",
                    {"code": region.code, "within": region.within},
                )
            seen.add(region.code)
        return self

    def tops(self) -> Iterator[Region]:
        """The regions that lie within no other."""
        return (region for region in self.regions if region.within is None)

    def named(self, code: str | None) -> Region | None:
        """The region with this code."""
        return next((region for region in self.regions if region.code == code), None)


class Regions(Frozen):
    """Every scheme of a file."""

    schemes: Annotated[tuple[Division, ...], Field(strict=False, min_length=1, max_length=2)]

    @model_validator(mode="after")
    def _schemes_are_sound(self) -> "Regions":
        keys = [each.key for each in self.schemes]
        if sorted(keys) != ["iom", "m49"]:
            raise PydanticCustomError("schemes", "the schemes are not m49 and iom, once each")
        return self

    def of(self, scheme: Scheme) -> Division:
        """The scheme with this key."""
        return next(each for each in self.schemes if each.key == scheme)


def load(path: Path, root: Path) -> Regions:
    """Return the regions of the file. Raises DefinitionErrors with every fault, each with its line."""
    read = source.read(path, root)
    try:
        return Regions.model_validate(read.data)
    except ValidationError as refused:
        raise DefinitionErrors(explain(refused, read, Regions)) from None


@cache
def committed() -> Regions:
    """Return the regions that this version comes with."""
    return load(COMMITTED, COMMITTED.parents[1])
