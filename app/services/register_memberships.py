"""Taking over the memberships of a register file."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.i18n import _
from app.models import Membership, MembershipRole, Organisation
from app.services.register_book import Book, overlapping
from app.services.register_rows import MembershipRow, RegisterFile

Key = tuple[UUID, UUID, MembershipRole]


def take_memberships(book: Book, file: RegisterFile) -> None:
    """Add or change the memberships of the file, and remark on those that it does not name.

    A row changes the membership that begins on the same day, or else the one whose period it shares a day
    with; where there is neither, it is another period of membership.
    """
    _Taker(book, file).take()


class _Taker:
    """Compares the rows with the memberships that there are."""

    def __init__(self, book: Book, file: RegisterFile) -> None:
        self.book = book
        self.file = file
        self.names: dict[str, Organisation] = book.names()
        for written, code in file.written.items():
            if code in book.by_code:
                self.names[written] = book.by_code[code]
        self.there: dict[Key, list[Membership]] = {}
        for each in book.session.scalars(select(Membership).order_by(Membership.from_, Membership.id)):
            self.there.setdefault((each.iscm_id, each.member_id, each.role), []).append(each)
        self.taken: set[UUID] = set()

    def take(self) -> None:
        for row in self.file.memberships:
            self._take(row)
        self._remark()

    def _take(self, row: MembershipRow) -> None:
        book = self.book
        book.line = row.at.line
        iscm = book.mechanism(row.at, row.iscm, "" if row.at.path else "iscm")
        names = self.names if row.listed else None
        member = book.organisation(row.at, row.member, "" if row.at.path else "member", names)
        via = book.organisation(row.at, row.via, "via") if row.via else None
        if iscm is None or member is None or (row.via and via is None):
            return
        if iscm is member:
            book.fault(row.at, _("a mechanism cannot be a member of itself"))
            return
        start = row.values.get("from_")
        if not book.first(row.at, "membership", row.iscm, member.code, row.role, str(start or "")):
            return
        values: dict[str, Any] = {**row.values}
        if via is not None or "from_" in row.values:
            values["via_id"] = via.id if via else None
        self._place(row, (iscm.id, member.id, row.role), values)

    def _place(self, row: MembershipRow, key: Key, values: Mapping[str, Any]) -> None:
        book = self.book
        name = f"{row.iscm} {row.member} {row.role}"
        periods = self.there.setdefault(key, [])
        found = self._found(periods, values)
        start = values.get("from_", found.from_ if found else None)
        end = values.get("until", found.until if found else None)
        if start is not None and end is not None and end < start:
            book.fault(row.at, _("it ends before it begins"), "until")
            return
        others = [each for each in periods if each is not found]
        if any(overlapping((start, end), (each.from_, each.until)) for each in others):
            book.fault(row.at, _("it shares days with another period of the same membership"), "from")
            return
        if found is not None:
            book.change("membership", name, found, values, new=False)
            self.taken.add(found.id)
            return
        iscm_id, member_id, role = key
        whole = {"from_": None, "until": None, "via_id": None, "note": None, **values}
        record = Membership(id=uuid4(), iscm_id=iscm_id, member_id=member_id, role=role)
        book.change("membership", name, record, whole, new=True)
        periods.append(record)
        self.taken.add(record.id)

    def _found(self, periods: list[Membership], values: Mapping[str, Any]) -> Membership | None:
        """The membership that a row is about; a list of today means the period that is open."""
        left = [each for each in periods if each.id not in self.taken]
        start: date | None = values.get("from_")
        same = [each for each in left if each.from_ == start]
        given = (start, values.get("until"))
        shared = [each for each in left if overlapping(given, (each.from_, each.until))]
        return next(iter(same or shared[-1:]), None)

    def _remark(self) -> None:
        """Say which open memberships of a mechanism the file's lists of it leave out, one remark for each
        mechanism: they stay as they are.
        """
        listed = {row.code: row.lists for row in self.file.mechanisms}
        codes = {each.id: each.code for each in self.book.by_code.values()}
        left: dict[str, list[str]] = {}
        for (iscm_id, member_id, role), periods in self.there.items():
            iscm = codes[iscm_id]
            if role in listed.get(iscm, ()) and any(
                each.until is None and each.id not in self.taken for each in periods
            ):
                left.setdefault(iscm, []).append(f"{codes[member_id]} ({role})")
        self.book.remarks += [
            _(
                "%(iscm)s: in the register, but not in this file: %(members)s. Nothing is taken out.",
                iscm=iscm,
                members=", ".join(sorted(members)),
            )
            for iscm, members in sorted(left.items())
        ]
