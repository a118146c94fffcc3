"""The register as it is being changed by one import: look-ups, the changes made so far, and the faults
found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions.faults import Fault, shown, suggestion
from app.i18n import _
from app.models import IscmProfile, Membership, Organisation, OrganisationKind, RoundParticipant
from app.services.register_rows import Spot

Record = Organisation | IscmProfile | Membership


@dataclass(frozen=True)
class Change:
    """One thing that an import adds or changes: the columns with their old and new values, by which line."""

    what: str
    name: str
    new: bool
    columns: Mapping[str, tuple[Any, Any]]
    line: int = 0
    record: Record | None = field(default=None, compare=False, repr=False)


@dataclass
class Book:
    """Everything that the rows of one file are compared with; `name` is the file's."""

    session: Session
    name: str
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    line: int = 0
    """Of the row that is being taken."""
    only_looks: bool = False

    def __post_init__(self) -> None:
        organisations = self.session.scalars(select(Organisation).order_by(Organisation.code))
        self.by_code: dict[str, Organisation] = {each.code: each for each in organisations}
        self.in_rounds: set[UUID] = set(self.session.scalars(select(RoundParticipant.organisation_id)))
        self.profiles: dict[UUID, list[IscmProfile]] = {}
        profiles = select(IscmProfile).order_by(IscmProfile.valid_from.is_not(None), IscmProfile.valid_from)
        for profile in self.session.scalars(profiles):
            self.profiles.setdefault(profile.organisation_id, []).append(profile)
        self._seen: set[tuple[str, ...]] = set()

    def fault(self, spot: Spot, message: str, column: str = "") -> None:
        """Note what is wrong with the row at the spot."""
        path = ".".join(part for part in (spot.path, column) if part)
        self.faults.append(Fault(self.name, spot.line, path, message))

    def first(self, spot: Spot, *key: str) -> bool:
        """Whether the key stands here for the first time in the file; a second time is a fault."""
        if key in self._seen:
            words = " ".join(part for part in key[1:] if part)
            self.fault(spot, _("%(name)s stands in the file twice", name=shown(words)))
            return False
        self._seen.add(key)
        return True

    def change(self, what: str, name: str, record: Record, values: Mapping[str, Any], *, new: bool) -> None:
        """Set the values on the record and note what was different."""
        columns = {
            column: (old, value)
            for column, value in values.items()
            if (old := getattr(record, column)) != value or new
        }
        for column, (_old, value) in columns.items():
            setattr(record, column, value)
        if new:
            self.session.add(record)
        if columns or new:
            self.changes.append(Change(what, name, new, columns, self.line, record))

    def flush(self) -> None:
        """Write what there is so far, since the rest points to it; nothing where one only looks."""
        if not self.only_looks:
            self.session.flush()

    def names(self) -> dict[str, Organisation]:
        """Every organisation by its names and other spellings, the printed names first."""
        spellings: dict[str, Organisation] = {}
        known = sorted(self.by_code.values(), key=lambda each: (each.fictional is True, each.code))
        for organisation in known:
            spellings.setdefault(organisation.name, organisation)
        for organisation in known:
            for profile in self.profiles.get(organisation.id, []):
                for each in (profile.short_name, profile.name, profile.acronym):
                    spellings.setdefault(each or organisation.name, organisation)
            for each in (organisation.formal_name, *(organisation.also or [])):
                spellings.setdefault(each or organisation.name, organisation)
        return spellings

    def mechanism(self, spot: Spot, code: str, column: str) -> Organisation | None:
        """The mechanism with this code; none is a fault."""
        found = self.by_code.get(code)
        if found is not None and found.kind is OrganisationKind.ISCM:
            return found
        mechanisms = [each.code for each in self.by_code.values() if each.kind is OrganisationKind.ISCM]
        self.fault(
            spot, _("%(code)s is no mechanism", code=shown(code)) + suggestion(code, mechanisms), column
        )
        return None

    def organisation(
        self, spot: Spot, code: str, column: str, names: Mapping[str, Organisation] | None = None
    ) -> Organisation | None:
        """The organisation with this code, or this name where names are given; none is a fault."""
        found = self.by_code.get(code) or (names or {}).get(code)
        if found is None:
            known = [*self.by_code, *(names or {})]
            message = _("%(code)s is no organisation of the register", code=shown(code)) + suggestion(
                code, known
            )
            self.fault(spot, message, column)
        return found


def overlapping(first: tuple[date | None, date | None], second: tuple[date | None, date | None]) -> bool:
    """Whether two periods share a day; no start means since ever, no end until further notice."""
    starts = [start or date.min for start, _end in (first, second)]
    ends = [end or date.max for _start, end in (first, second)]
    return max(starts) <= min(ends)
