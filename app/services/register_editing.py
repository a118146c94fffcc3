"""Changing the register on its pages: the same rows and the same rules as by a file, one thing at a time.

A round that was opened keeps the register as it stood then: nothing here changes what it knows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.definitions.faults import Fault
from app.i18n import _
from app.models import IscmProfile, Membership, MembershipRole, Organisation, OrganisationKind
from app.policy import Act, Actor, can
from app.queries import register_pages
from app.services import auditing, register_import
from app.services import register_rows as rows
from app.services.errors import NotAllowed, NotFound, NotPossible, Refused
from app.services.register_book import Book, overlapping
from app.services.register_entries import take_mechanism, take_organisation, take_represented
from app.services.register_rows import Check, FieldError, MechanismRow, OrganisationRow, Spot

HERE = Spot(0)
_OVERLAP = "iscm_profile_no_overlap"
Given = Mapping[str, Any]
Problems = list[tuple[str, str]]


def add_period(
    session: Session, iscm_id: UUID, start: date | None, given: Given, actor: Actor, now: datetime
) -> IscmProfile:
    """A new profile of a mechanism from a day on; the one before ends the day before.

    What `given` does not have goes on from the one before. Raises NotAllowed, NotFound, Refused with
    everything that cannot be.
    """
    organisation = _mechanism(session, iscm_id, actor)
    periods = register_pages.periods(session, organisation.id)
    if start is None:
        raise Refused([("valid_from", _("Give the first day, such as 2027-01-01"))])
    if any(each.valid_from == start for each in periods):
        raise Refused([("valid_from", _("A period begins on that day already. Correct that one instead"))])
    _take_period(session, organisation, {**given, "valid_from": start.isoformat()}, actor, now)
    return next(each for each in register_pages.periods(session, organisation.id) if each.valid_from == start)


def correct_period(
    session: Session, profile_id: UUID, given: Given, actor: Actor, now: datetime
) -> IscmProfile:
    """Correct the facts of one period; its first day stays. Raises NotAllowed, NotFound, Refused."""
    profile = _profile(session, profile_id)
    organisation = _mechanism(session, profile.organisation_id, actor)
    start = profile.valid_from.isoformat() if profile.valid_from else None
    _take_period(session, organisation, {**given, "valid_from": start}, actor, now)
    return profile


def add_mechanism(
    session: Session, code: str, given: Given, fictional: bool, actor: Actor, now: datetime
) -> Organisation:
    """A mechanism that the register lacked. Raises NotAllowed, Refused."""
    _check(actor)
    code = code.strip()
    problems: Problems = []
    if not rows.MECHANISM_CODE.fullmatch(code):
        problems.append(
            ("code", _("Give a code of small letters, figures and hyphens, such as north-process"))
        )
    elif register_pages.with_code(session, code):
        problems.append(("code", _("Something has this code already. Give another")))
    values, notes = _values(given, problems)
    for needed in ("name", "short_name"):
        if not values.get(needed):
            problems.append((needed, _("a mechanism needs it")))
    if problems:
        raise Refused(problems)
    book = Book(session, "")
    row = MechanismRow(HERE, code, values, notes, fictional)
    _taken(session, book, actor, now, lambda: take_mechanism(book, row))
    return book.by_code[code]


def _take_period(
    session: Session, organisation: Organisation, given: Given, actor: Actor, now: datetime
) -> None:
    problems: Problems = []
    values, notes = _values(given, problems)
    if problems:
        raise Refused(problems)
    book = Book(session, "")
    row = MechanismRow(HERE, organisation.code, values, notes)
    _taken(session, book, actor, now, lambda: take_mechanism(book, row))


def _values(given: Given, problems: Problems) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns and the notes of a profile from what was typed; what does not fit is a problem."""
    return _checked(given, rows.PROFILE_FIELDS, problems), _checked(given, rows.NOTE_FIELDS, problems)


def _checked(given: Given, fields: Mapping[str, tuple[str, Check]], problems: Problems) -> dict[str, Any]:
    found = {}
    for key, (column, check) in fields.items():
        if key in given:
            try:
                found[column] = check(given[key])
            except FieldError as unfit:
                problems.append((key, str(unfit)))
    return found


def _taken(session: Session, book: Book, actor: Actor, now: datetime, take: Callable[[], None]) -> None:
    """Take one row over, with an event for each thing that it changed."""
    with session.no_autoflush:
        take()
    if book.faults:
        raise Refused(_problems(book.faults))
    try:
        session.flush()  # what overlaps is refused here, where it can be said which
    except DBAPIError as refused:
        if _OVERLAP not in str(refused.orig):
            raise
        words = _("Somebody else changed the periods of this mechanism at the same moment. Look again")
        raise Refused([("valid_from", words)]) from refused
    register_import.note_each(session, actor, book.changes, at=now)


def _problems(faults: Iterable[Fault]) -> Sequence[tuple[str, str]]:
    return [(fault.path or "main", fault.message) for fault in sorted(set(faults))]


def confirm(session: Session, profile_id: UUID, field: str, actor: Actor, now: datetime) -> IscmProfile:
    """Say that a field is as the mechanism's secretariat has it; confirming it twice is confirming it once.

    Raises NotAllowed, NotFound.
    """
    _check(actor)
    profile = _profile(session, profile_id)
    before = list(profile.uncertain_fields)
    if field in before:
        profile.uncertain_fields = [each for each in before if each != field]
        auditing.record(session, actor, "confirmed_field", profile, {"field": field}, at=now)
    return profile


def add_organisation(session: Session, code: str, given: Given, actor: Actor, now: datetime) -> Organisation:
    """A State, an IGO or another body that the register lacked. Raises NotAllowed, Refused."""
    _check(actor)
    code = code.strip()
    problems: Problems = []
    if not rows.ORGANISATION_CODE.fullmatch(code):
        problems.append(("code", _("Give a code of capital letters and figures, such as GEO")))
    elif register_pages.with_code(session, code):
        problems.append(("code", _("Something has this code already. Give another")))
    return _take_organisation(session, code, given, problems, actor, now)


def change_organisation(
    session: Session, organisation_id: UUID, given: Given, actor: Actor, now: datetime
) -> Organisation:
    """Change what the register says of an organisation. Raises NotAllowed, NotFound, Refused."""
    _check(actor)
    organisation = session.get(Organisation, organisation_id, populate_existing=True)
    if organisation is None or organisation.kind is OrganisationKind.ISCM:
        raise NotFound
    return _take_organisation(session, organisation.code, given, [], actor, now)


def _take_organisation(
    session: Session, code: str, given: Given, problems: Problems, actor: Actor, now: datetime
) -> Organisation:
    values = _checked(given, rows.ORGANISATION_FIELDS, problems)
    if problems:
        raise Refused(problems)
    names = {key.removeprefix("name_"): rows.text(given[key]) for key in given if rows.is_local_name(key)}
    book = Book(session, "")
    if names:
        kept = book.by_code[code].names if code in book.by_code else {}
        values["names"] = {key: name for key, name in {**kept, **names}.items() if name}
    row = OrganisationRow(HERE, code, values, rows.text(given.get("represents")))

    def take() -> None:
        take_organisation(book, row)
        take_represented(book, row)

    _taken(session, book, actor, now, take)
    return book.by_code[code]


def withdraw(
    session: Session, organisation_id: UUID, reason: str, actor: Actor, now: datetime
) -> Organisation:
    """Take an organisation out of what can be asked and chosen from now on; what it answered stays.

    Raises NotAllowed, NotFound, Refused without a reason.
    """
    _check(actor)
    organisation = session.get(Organisation, organisation_id, populate_existing=True)
    if organisation is None:
        raise NotFound
    said = rows.text(reason)
    if not said:
        raise Refused([("reason", _("Say why it is withdrawn"))])
    if organisation.withdrawn_at is None:
        organisation.withdrawn_at = now
        detail = {"name": organisation.code, "note": said}
        auditing.record(session, actor, "withdrew_organisation", organisation, detail, at=now)
    return organisation


def restore(session: Session, organisation_id: UUID, actor: Actor, now: datetime) -> Organisation:
    """Bring a withdrawn organisation back. Raises NotAllowed, NotFound."""
    _check(actor)
    organisation = session.get(Organisation, organisation_id, populate_existing=True)
    if organisation is None:
        raise NotFound
    if organisation.withdrawn_at is not None:
        organisation.withdrawn_at = None
        detail = {"name": organisation.code}
        auditing.record(session, actor, "restored_organisation", organisation, detail, at=now)
    return organisation


def add_membership(
    session: Session,
    iscm_id: UUID,
    member_id: UUID | None,
    role: MembershipRole | None,
    given: Given,
    via_id: UUID | None,
    actor: Actor,
    now: datetime,
) -> Membership:
    """That an organisation takes part in a mechanism. Raises NotAllowed, NotFound, Refused."""
    iscm = _mechanism(session, iscm_id, actor)
    problems: Problems = []
    if member_id is None:
        problems.append(("member", _("Choose the organization, by its code or its name")))
    elif member_id == iscm.id:
        problems.append(("member", _("A mechanism cannot be a member of itself")))
    if role is None:
        problems.append(("role", _("Choose as what it takes part")))
    values = _checked(given, rows.MEMBERSHIP_FIELDS, problems)
    if member_id is None or role is None or problems:
        raise Refused(problems)
    made = Membership(id=uuid4(), iscm_id=iscm.id, member_id=member_id, role=role)
    _set_membership(session, made, {**values, "via_id": via_id}, actor, now, new=True)
    return made


def change_membership(
    session: Session, membership_id: UUID, given: Given, via_id: UUID | None, actor: Actor, now: datetime
) -> Membership:
    """Correct the days, the note or the body of a membership, or end it.

    Raises NotAllowed, NotFound, Refused.
    """
    _check(actor)
    membership = session.get(Membership, membership_id, populate_existing=True)
    if membership is None:
        raise NotFound
    problems: Problems = []
    values = _checked(given, rows.MEMBERSHIP_FIELDS, problems)
    if problems:
        raise Refused(problems)
    _set_membership(session, membership, {**values, "via_id": via_id}, actor, now, new=False)
    return membership


def _set_membership(
    session: Session, record: Membership, values: Given, actor: Actor, now: datetime, *, new: bool
) -> None:
    start, end = values.get("from_", record.from_), values.get("until", record.until)
    if start is not None and end is not None and end < start:
        raise Refused([("until", _("It ends before it begins. Give a later last day"))])
    others = register_pages.same_memberships(session, record)
    if any(overlapping((start, end), (each.from_, each.until)) for each in others):
        words = _("It shares days with another period of the same membership. Correct that one instead")
        raise Refused([("from", words)])
    changed = {
        column: [None if new else _plain(getattr(record, column)), _plain(value)]
        for column, value in values.items()
        if new or getattr(record, column) != value
    }
    for column, value in values.items():
        setattr(record, column, value)
    if new:
        session.add(record)
        changed["role"] = [None, record.role.value]
    if changed:
        session.flush()  # the event names it
        act = "added_membership" if new else "changed_membership"
        auditing.record(session, actor, act, record, {"columns": changed}, at=now)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


def _check(actor: Actor) -> None:
    if not can(actor, Act.CHANGE_REGISTER):
        raise NotAllowed


def _mechanism(session: Session, iscm_id: UUID, actor: Actor) -> Organisation:
    _check(actor)
    found = session.get(Organisation, iscm_id, populate_existing=True, with_for_update=True)
    if found is None or found.kind is not OrganisationKind.ISCM:
        raise NotFound
    if found.withdrawn_at is not None:
        raise NotPossible(_("%(name)s is withdrawn. Bring it back first.", name=found.name))
    return found


def _profile(session: Session, profile_id: UUID) -> IscmProfile:
    found = session.get(IscmProfile, profile_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found
