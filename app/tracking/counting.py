"""The figures of a tracking page: lines of n of N, each with the selection that lists who is counted."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from app.definitions.regions import Region
from app.standing import Rate, Standing, rate
from app.tracking.model import Mechanism, Respondent, Tally, Tracking
from app.tracking.selecting import GROUPS, NONE, Group, Selection, Way, select, stands_so

AUDIENCES = ("state", "iscm", "igo")
TYPES = ("regional", "interregional", "global")


@dataclass(frozen=True)
class Line:
    """One line of a table: the rate of those whom ``selection`` lists. ``key`` is unique in its table;
    ``name`` is empty where the page has a word for the key. ``within`` is the key of the line it is part of.
    """

    key: str
    name: str
    rate: Rate
    overdue: int
    selection: Selection
    within: str | None = None

    def count(self, group: Group) -> int:
        """How many of the line stand at one of the group's standings; in the list of the same group."""
        if group is Group.OVERDUE:
            return self.overdue
        return sum(self.rate.counts[each] for each in GROUPS[group])

    def at(self, stands: Group | Standing) -> Selection:
        """The selection of those of the line who stand so."""
        return replace(self.selection, stands=stands.value)


@dataclass(frozen=True)
class MechanismLine:
    """One mechanism: its own answer's standing (None: not asked), its members, those of them who answered
    and said something about it, and the organizations that take part in it.
    """

    mechanism: Mechanism
    own: Standing | None
    members: Line
    about: int
    igos: Line

    def about_it(self) -> Selection:
        """The selection of the members that answered about it."""
        wanted = Selection(mechanism=self.mechanism.code, way=Way.ABOUT)
        return replace(wanted, stands=Group.ANSWERED.value)


@dataclass(frozen=True)
class Head:
    """One of the three counts on top; ``tally`` are answers that came outside the service."""

    line: Line
    tally: Tally | None


def line(
    tracking: Tracking,
    key: str,
    name: str,
    of: Iterable[Respondent],
    selection: Selection,
    within: str | None = None,
) -> Line:
    """The line of these respondents."""
    there = tuple(of)
    return Line(
        key=key,
        name=name,
        rate=rate(tracking.of(each) for each in there),
        overdue=sum(tracking.overdue(each) for each in there),
        selection=selection,
        within=within,
    )


def heads(tracking: Tracking) -> tuple[Head, ...]:
    """The three counts on top: States, mechanisms, organizations, whoever of them is asked."""
    tallies = {each.audience: each for each in tracking.tallies}
    return tuple(Head(each, tallies.get(each.key)) for each in by_role(tracking))


def everybody(tracking: Tracking) -> Line:
    """The line of the whole base."""
    return line(tracking, "all", "", tracking.respondents, Selection())


def by_role(tracking: Tracking) -> tuple[Line, ...]:
    """A line for each of the three questionnaires, also where nobody is asked."""
    found = _grouped(tracking.respondents, lambda each: each.audience)
    return tuple(line(tracking, key, "", found[key], Selection(role=key)) for key in AUDIENCES)


def by_region(tracking: Tracking) -> tuple[Line, ...]:
    """States by region, in the order of the regions' file; who has none stands in the last line."""
    states = [each for each in tracking.respondents if each.audience == "state"]
    scheme = tracking.division.key
    return _by_place(
        tracking,
        _grouped(states, lambda each: each.region(scheme) or NONE),
        [region for region in tracking.division.regions if region.within is None],
        lambda code: Selection(role="state", region=code),
    )


def by_part(tracking: Tracking) -> tuple[Line, ...]:
    """States by sub-region of M49, in the order of the regions' file; empty for IOM's regions."""
    if tracking.division.key != "m49":
        return ()
    states = [each for each in tracking.respondents if each.audience == "state"]
    return _by_place(
        tracking,
        _grouped(states, lambda each: each.subregion_m49 or NONE),
        [region for region in tracking.division.regions if region.within is not None],
        lambda code: Selection(role="state", part=code),
    )


def _by_place(
    tracking: Tracking,
    found: Mapping[str, list[Respondent]],
    regions: Iterable[Region],
    selection: Callable[[str], Selection],
) -> tuple[Line, ...]:
    known = {region.code: region for region in regions}
    order = [*known, *sorted(found.keys() - known.keys() - {NONE}), NONE]
    return tuple(
        line(
            tracking,
            code,
            str(known[code].name) if code in known else "" if code == NONE else code,
            found[code],
            selection(code),
            known[code].within if code in known else None,
        )
        for code in order
        if found.get(code)
    )


def by_type(tracking: Tracking) -> tuple[Line, ...]:
    """Mechanisms by type."""
    found = _grouped(
        (each for each in tracking.respondents if each.audience == "iscm"), lambda each: each.type or NONE
    )
    order = [*TYPES, *sorted(found.keys() - {*TYPES, NONE}), NONE]
    return tuple(
        line(tracking, key, "", found[key], Selection(role="iscm", type=key))
        for key in order
        if found.get(key)
    )


def by_language(tracking: Tracking) -> tuple[Line, ...]:
    """Everybody asked, by the language in which they write."""
    found = _grouped(tracking.respondents, lambda each: each.language)
    return tuple(line(tracking, key, "", found[key], Selection(language=key)) for key in sorted(found))


def by_mechanism(tracking: Tracking) -> tuple[MechanismLine, ...]:
    """A line for each mechanism of the round that is asked or about which somebody is asked, by name."""
    base = {each.response_id: each for each in tracking.respondents}
    lines = (_of_mechanism(tracking, each, base) for each in tracking.mechanisms)
    return tuple(each for each in lines if each.own or each.members.rate.invited or each.igos.rate.invited)


def _of_mechanism(tracking: Tracking, mechanism: Mechanism, base: Mapping[UUID, Respondent]) -> MechanismLine:
    members = [base[each] for each in mechanism.members if each in base]
    said = tracking.about.get(mechanism.code, frozenset())
    own = base.get(mechanism.own) if mechanism.own else None
    code = mechanism.code
    return MechanismLine(
        mechanism=mechanism,
        own=tracking.of(own) if own else None,
        members=line(
            tracking, code, mechanism.name, members, Selection(mechanism=code, way=Way.MEMBERS.value)
        ),
        about=sum(each.response_id in said and stands_so(tracking, each, Group.ANSWERED) for each in members),
        igos=line(
            tracking,
            code,
            mechanism.name,
            (base[each] for each in mechanism.igos if each in base),
            Selection(mechanism=code, way=Way.IGOS.value),
        ),
    )


def overdue(tracking: Tracking) -> tuple[Respondent, ...]:
    """Who is late: past their own deadline and not finished, the longest first."""
    return tuple(
        sorted(select(tracking, Selection(stands=Group.OVERDUE.value)), key=lambda each: each.due_at)
    )


def _grouped(
    respondents: Iterable[Respondent], key: Callable[[Respondent], str]
) -> defaultdict[str, list[Respondent]]:
    found: defaultdict[str, list[Respondent]] = defaultdict(list)
    for each in respondents:
        found[key(each)].append(each)
    return found
