"""Reading a register file in YAML: organisations, mechanisms with their lists of members, memberships.

A list of members may follow a body (`members_follow: [EU]`): then each member that the body has is a
member from and until the day on which it belonged to the body, and the body's former members are former
members here.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.definitions.faults import DefinitionErrors, Fault, shown, suggestion
from app.definitions.source import Source, Steps, read_bytes
from app.i18n import _
from app.models import MembershipRole
from app.services import register_rows as rows
from app.services.register_rows import (
    FieldError,
    MechanismRow,
    MembershipRow,
    OrganisationRow,
    RegisterFile,
    Spot,
)

SECTIONS = [
    "compiled",
    "fictional",
    "organisations",
    "bodies",
    "iscms",
    "memberships",
    "mechanisms_written",
    "free_text",
]
LISTS = {
    "members": (MembershipRole.MEMBER, False),
    "other_participants": (MembershipRole.MEMBER, False),
    "member_organizations": (MembershipRole.MEMBER, True),
    "observer_states": (MembershipRole.OBSERVER, False),
    "observer_organizations": (MembershipRole.OBSERVER, True),
    "partner_organizations": (MembershipRole.PARTNER, True),
}
"""Key of a mechanism → the role of those listed, and whether a name may stay words."""

IGNORED = ("region", "subregion")
"""Keys of an organisation that are there for whoever reads the file."""

IN_WORDS = {
    MembershipRole.MEMBER: "members_in_words",
    MembershipRole.OBSERVER: "observers_in_words",
    MembershipRole.PARTNER: "partners_in_words",
}


def read(content: bytes, name: str, words: frozenset[str] = frozenset()) -> tuple[RegisterFile, list[Fault]]:
    """The rows of the file and every fault in its form; a file that is no YAML has faults only.

    ``words`` are the strings that stay free text, beside those that the file itself declares.
    """
    try:
        return _Reader(read_bytes(content, name), words).file()
    except DefinitionErrors as refused:
        return RegisterFile(), refused.faults


class _Reader:
    """Walks the sections of one file and collects rows and faults."""

    def __init__(self, source: Source, words: frozenset[str]) -> None:
        self.source = source
        self.words = words
        self.faults: list[Fault] = []
        self.found = RegisterFile()
        self.bodies: dict[str, list[tuple[str, date | None, date | None]]] = {}
        self.fictional: bool | None = None

    def file(self) -> tuple[RegisterFile, list[Fault]]:
        self._known_keys((), self.source.data, SECTIONS)
        if "fictional" in self.source.data:
            self.fictional = self._value(("fictional",), rows.flag, False)
        self._names()
        for place, entry in self._entries("organisations"):
            self._organisation(place, entry)
        self._read_bodies()
        for place, entry in self._entries("iscms"):
            self._mechanism(place, entry)
        for place, entry in self._entries("memberships"):
            self._membership(place, entry)
        return self.found, self.faults

    def _fault(self, steps: Steps, message: str) -> None:
        self.faults.append(self.source.fault(steps, message))

    def _spot(self, steps: Steps) -> Spot:
        return Spot(self.source.line(steps), self.source.path(steps))

    def _known_keys(self, steps: Steps, entry: Mapping[str, Any], known: Iterable[str]) -> None:
        known = list(known)
        for key in entry:
            if key not in known:
                self._fault((*steps, key), _("unknown key") + suggestion(key, known))

    def _value(self, steps: Steps, check: rows.Check, default: Any = None) -> Any:
        try:
            return check(self.source.at(steps))
        except FieldError as unfit:
            self._fault(steps, str(unfit))
            return default

    def _values(
        self, steps: Steps, entry: Mapping[str, Any], fields: Mapping[str, tuple[str, rows.Check]]
    ) -> Any:
        return {
            column: self._value((*steps, key), check)
            for key, (column, check) in fields.items()
            if key in entry
        }

    def _items(self, steps: Steps) -> list[tuple[Steps, Any]]:
        found = self.source.at(steps)
        if found is None:
            return []
        if not isinstance(found, list):
            self._fault(steps, _("is not a list"))
            return []
        return [((*steps, place), item) for place, item in enumerate(found)]

    def _entries(self, section: str) -> list[tuple[Steps, dict[str, Any]]]:
        entries = []
        for steps, item in self._items((section,)):
            if isinstance(item, dict):
                entries.append((steps, item))
            else:
                self._fault(steps, _("is not a mapping of keys to values"))
        return entries

    def _names(self) -> None:
        texts = []
        for steps, entry in self._entries("free_text"):
            self._known_keys(steps, entry, ("text", "why"))
            texts.append(self._value((*steps, "text"), rows.text))
        self.found.words = self.words | frozenset(each for each in texts if each)
        written = self.source.data.get("mechanisms_written") or {}
        if isinstance(written, dict):
            self.found.written = {name: str(code) for name, code in written.items()}
        else:
            self._fault(("mechanisms_written",), _("is not a mapping of names to mechanisms"))

    def _code(self, steps: Steps, key: str, pattern: Any) -> str | None:
        code = self.source.at((*steps, key))
        if not isinstance(code, str) or not pattern.fullmatch(code):
            self._fault((*steps, key), _("%(value)s is not a code", value=shown(code)))
            return None
        return code

    def _organisation(self, steps: Steps, entry: dict[str, Any]) -> None:
        known = {"code", "names", "represents", "written", *IGNORED, *rows.ORGANISATION_FIELDS}
        self._known_keys(steps, entry, known)
        code = self._code(steps, "code", rows.ORGANISATION_CODE)
        values = self._values(steps, entry, rows.ORGANISATION_FIELDS)
        if "names" in entry:
            values["names"] = self._by_locale((*steps, "names"))
        if "written" in entry:
            written = [
                each
                for each in self._value((*steps, "written"), rows.words, [])
                if each != values.get("name")
            ]
            values["also"] = [*values.get("also", []), *written]
        if self.fictional is not None:
            values.setdefault("fictional", self.fictional)
        if code:
            represents = self._value((*steps, "represents"), rows.text) if "represents" in entry else None
            self.found.organisations.append(OrganisationRow(self._spot(steps), code, values, represents))

    def _by_locale(self, steps: Steps) -> dict[str, str]:
        names = self.source.at(steps) or {}
        if not isinstance(names, dict):
            self._fault(steps, _("is not a mapping of languages to names"))
            return {}
        return {locale: name for locale in names if (name := self._value((*steps, locale), rows.text))}

    def _read_bodies(self) -> None:
        bodies = self.source.data.get("bodies") or {}
        if not isinstance(bodies, dict):
            self._fault(("bodies",), _("is not a mapping of bodies to their members"))
            return
        for body in bodies:
            self.bodies[body] = []
            for steps, group in self._items(("bodies", body)):
                if not isinstance(group, dict):
                    self._fault(steps, _("is not a mapping of keys to values"))
                    continue
                self._known_keys(steps, group, ("from", "until", "codes"))
                start, end = (self._value((*steps, key), rows.day) for key in ("from", "until"))
                codes = self._value((*steps, "codes"), rows.words, [])
                self.bodies[body] += [(code, start, end) for code in codes]

    def _mechanism(self, steps: Steps, entry: dict[str, Any]) -> None:
        known = {"id", "fictional", "members_follow", *LISTS, *rows.PROFILE_FIELDS, *rows.NOTE_FIELDS}
        self._known_keys(steps, entry, known)
        code = self._code(steps, "id", rows.MECHANISM_CODE)
        values = self._values(steps, entry, rows.PROFILE_FIELDS)
        notes = self._values(steps, entry, rows.NOTE_FIELDS)
        if code is None:
            return
        memberships = [row for key in LISTS if key in entry for row in self._listed(steps, key, code, notes)]
        if "members_follow" in entry:
            memberships = self._following(steps, code, values, memberships)
        fictional = self._value((*steps, "fictional"), rows.flag) if "fictional" in entry else self.fictional
        roles = frozenset(role for key, (role, _may_be_words) in LISTS.items() if key in entry)
        self.found.mechanisms.append(MechanismRow(self._spot(steps), code, values, notes, fictional, roles))
        self.found.memberships += memberships

    def _listed(self, steps: Steps, key: str, code: str, notes: dict[str, Any]) -> list[MembershipRow]:
        role, may_be_words = LISTS[key]
        listed = []
        for place, item in self._items((*steps, key)):
            in_words = item.get("text") if isinstance(item, dict) and list(item) == ["text"] else item
            if (
                may_be_words
                and isinstance(in_words, str)
                and (in_words is not item or in_words in self.found.words)
            ):
                notes.setdefault(IN_WORDS[role], []).append(in_words)
            elif isinstance(item, str):
                listed.append(MembershipRow(self._spot(place), code, item, role, {}, listed=may_be_words))
            else:
                self._fault(place, _("is not a code or a name"))
        return listed

    def _following(
        self, steps: Steps, code: str, values: Mapping[str, Any], listed: list[MembershipRow]
    ) -> list[MembershipRow]:
        followed = [row for row in listed if row.role == MembershipRole.MEMBER]
        rest = [row for row in listed if row.role != MembershipRole.MEMBER]
        dated: dict[str, list[MembershipRow]] = {}
        for body in self._value((*steps, "members_follow"), rows.words, []):
            if body not in self.bodies:
                self._fault(
                    (*steps, "members_follow"), _("%(body)s is not among the bodies", body=shown(body))
                )
                continue
            for member, start, end in self.bodies[body]:
                row = self._derived(steps, code, member, body, (start, end), values)
                if row is not None:
                    dated.setdefault(member, []).append(row)
        today = {row.member for row in followed}
        for member, derived in dated.items():
            if any("until" not in row.values for row in derived) and member not in today:
                self._fault(
                    (*steps, "members"),
                    _("lacks %(member)s, a member of %(body)s", member=member, body=derived[0].via),
                )
        own = [row for row in followed if row.member not in dated]
        return [*own, *(row for derived in dated.values() for row in derived), *rest]

    def _derived(
        self,
        steps: Steps,
        code: str,
        member: str,
        body: str,
        period: tuple[date | None, date | None],
        values: Mapping[str, Any],
    ) -> MembershipRow | None:
        start, end = period
        established, known_from = values.get("established"), values.get("members_known_from")
        if end is not None and established is not None and end.year < established:
            return None
        given: dict[str, Any] = {}
        if start is not None and known_from is not None and start > known_from:
            given["from_"] = start
        if end is not None:
            given["until"] = end
        return MembershipRow(
            self._spot((*steps, "members")), code, member, MembershipRole.MEMBER, given, via=body
        )

    def _membership(self, steps: Steps, entry: dict[str, Any]) -> None:
        self._known_keys(steps, entry, ("iscm", "member", "role", "via", *rows.MEMBERSHIP_FIELDS))
        role = self._value((*steps, "role"), rows.one_of(*MembershipRole)) or MembershipRole.MEMBER
        iscm, member = (self._value((*steps, key), rows.text) for key in ("iscm", "member"))
        if not iscm or not member:
            self._fault(steps, _("names no mechanism or no member"))
            return
        values = {"from_": None, "until": None, **self._values(steps, entry, rows.MEMBERSHIP_FIELDS)}
        via = self._value((*steps, "via"), rows.text) if "via" in entry else None
        row = MembershipRow(self._spot(steps), iscm, member, MembershipRole(role), values, via)
        self.found.memberships.append(row)
