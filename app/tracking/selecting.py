"""Which respondents stand behind a figure: a figure is the length of such a selection."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from app.standing import ANSWERED, OUTSIDE_THE_BASE, Standing
from app.tracking.model import Respondent, Tracking

NONE = "none"
"""What stands for a region that is not known."""


class Group(StrEnum):
    """Standings that are counted together; the seven of ``PARTS`` make up the base of a rate."""

    ANSWERED = "answered"
    UNDER_WAY = "under_way"
    NOT_SUBMITTED = "not_submitted"
    OPENED = "opened"
    NOT_OPENED = "not_opened"
    DECLINED = "declined"
    AFTER_CUT_OFF = "after_cut_off"
    ELIGIBLE = "eligible"
    OUTSIDE = "outside"
    OVERDUE = "overdue"


PARTS: Mapping[Group, frozenset[Standing]] = {
    Group.ANSWERED: ANSWERED,
    Group.UNDER_WAY: frozenset({Standing.IN_PROGRESS, Standing.IN_CLEARANCE}),
    Group.NOT_SUBMITTED: frozenset({Standing.NOT_SUBMITTED}),
    Group.OPENED: frozenset({Standing.OPENED}),
    Group.NOT_OPENED: frozenset({Standing.INVITED, Standing.NO_CONTACT, Standing.BOUNCED}),
    Group.DECLINED: frozenset({Standing.DECLINED}),
    Group.AFTER_CUT_OFF: frozenset({Standing.AFTER_CUT_OFF}),
}
GROUPS: Mapping[Group, frozenset[Standing]] = {
    **PARTS,
    Group.ELIGIBLE: frozenset(Standing) - OUTSIDE_THE_BASE,
    Group.OUTSIDE: OUTSIDE_THE_BASE,
}


class Way(StrEnum):
    """How a respondent has to do with a mechanism."""

    OWN = "own"
    MEMBERS = "members"
    ABOUT = "about"
    """A member that answered, and said something about it."""
    IGOS = "igos"


@dataclass(frozen=True)
class Selection:
    """What a respondent must be to be listed; an empty field asks nothing.

    ``stands`` is a ``Group`` or a ``Standing``; ``way`` says how it has to do with ``mechanism``.
    """

    role: str = ""
    region: str = ""
    part: str = ""
    type: str = ""
    language: str = ""
    mechanism: str = ""
    way: str = ""
    stands: str = ""

    def given(self) -> dict[str, str]:
        """The fields that ask something, by name."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}


def select(tracking: Tracking, wanted: Selection) -> tuple[Respondent, ...]:
    """Those of the base who are so, in the order of role and name."""
    related = _related(tracking, wanted)
    return tuple(
        each
        for each in tracking.respondents
        if (related is None or each.response_id in related)
        and _is(tracking, each, wanted)
        and stands_so(tracking, each, wanted.stands)
    )


def _related(tracking: Tracking, wanted: Selection) -> frozenset[object] | None:
    if not wanted.mechanism:
        return None
    found = tracking.mechanism(wanted.mechanism)
    if found is None:
        return frozenset()
    if wanted.way == Way.OWN:
        return frozenset({found.own})
    if wanted.way == Way.IGOS:
        return frozenset(found.igos)
    if wanted.way == Way.ABOUT:
        return frozenset(each for each in found.members & tracking.about.get(found.code, frozenset()))
    return frozenset(found.members)


def _is(tracking: Tracking, each: Respondent, wanted: Selection) -> bool:
    scheme = tracking.division.key
    return (
        (not wanted.role or each.audience == wanted.role)
        and (not wanted.region or (each.region(scheme) or NONE) == wanted.region)
        and (not wanted.part or (each.subregion_m49 or NONE) == wanted.part)
        and (not wanted.type or (each.type or NONE) == wanted.type)
        and (not wanted.language or each.language == wanted.language)
    )


def stands_so(tracking: Tracking, each: Respondent, stands: str) -> bool:
    """Whether the respondent stands at this standing, or at one of this group."""
    if not stands:
        return True
    if stands == Group.OVERDUE:
        return tracking.overdue(each)
    now = tracking.of(each)
    return now == stands or now in GROUPS.get(_group(stands), frozenset())


def _group(stands: str) -> Group:
    return Group(stands) if stands in set(Group) else Group.OVERDUE
