"""One field for each answer on a page: it reads what was posted, keeps what was typed, knows what is wrong.

The rules are those of `app.definitions.values`, which imports and submission use too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch
from uuid import UUID

from werkzeug.datastructures import MultiDict

from app.definitions import values
from app.definitions.plain import Plain
from app.definitions.questions import BaseQuestion, Date, Number, Reference, Year
from app.i18n import _
from app.models import Attribution
from app.queries.answer_sheets import Kept
from app.queries.directory import RegisterDirectory
from app.queries.earlier_answers import Sent
from app.services.carrying_over import Said

SUFFIXES = ("", ".other", ".is_right", ".none", ".from")
"""The controls that belong to one answer, by what follows its name;
``.seen`` says that it was on the page.
"""


@dataclass(slots=True)
class Slot:
    """A place for one answer: its name on the page, the question (or cell) it answers, and what is stored."""

    name: str
    question: BaseQuestion
    instance: UUID | str | None
    key: str
    item: str = ""
    kept: Kept | None = None
    known: Plain | None = None
    earlier: Sent | None = None

    @property
    def quoted_as(self) -> str:
        """The name under which the page asks how the answer may be quoted: for a row, the whole table's."""
        return self.name.partition("~")[0]

    @property
    def quoting_controls(self) -> tuple[str, str]:
        """The controls with what was chosen, and with what the page was drawn with."""
        return f"{self.quoted_as}.quoting", f"{self.quoted_as}.quoted"

    @property
    def stored(self) -> Plain | None:
        """The value stored now, None where there is none."""
        return self.kept.value if self.kept else None

    @property
    def revision(self) -> int:
        """The revision stored now, 0 where there is none."""
        return self.kept.revision if self.kept else 0


class AnswerField:
    """The controls of one answer.

    ``data`` is the plain value, ``controls`` what stands in the controls (as posted, or as stored), ``seen``
    the revision that its page was drawn with, ``unreadable`` whether what was typed cannot be a value.
    """

    __slots__ = ("controls", "data", "posted", "problems", "register", "seen", "slot", "unreadable")

    data: Plain | None
    seen: int
    unreadable: bool

    def __init__(
        self,
        slot: Slot,
        register: RegisterDirectory,
        formdata: MultiDict[str, str] | None,
        start: Plain | None = None,
    ) -> None:
        self.slot = slot
        self.register = register
        self.posted = formdata is not None and f"{slot.name}.seen" in formdata
        self.problems: list[str] = []
        self.controls: dict[str, list[str]] = {}
        if formdata is not None and self.posted:
            self._take(formdata)
        else:
            self.take_stored(start)

    def _take(self, formdata: MultiDict[str, str]) -> None:
        """Read what was posted."""
        name = self.slot.name
        self.controls = {name + suffix: formdata.getlist(name + suffix) for suffix in SUFFIXES}
        self.controls |= {key: formdata.getlist(key) for key in self.slot.quoting_controls}
        self.seen = _revision(formdata.get(f"{name}.seen", ""))
        self.data = self._read()
        self._check()
        if self.data is None and self.slot.known is not None and self.one(".is_right") == "no":
            self.problems.append(_("Change what is not right, or choose “Yes, this is right”"))
            self.unreadable = True  # there is nothing yet that could be kept

    def take_stored(self, start: Plain | None = None) -> None:
        """Show what is stored instead of what was posted, or what it starts from where nothing is."""
        slot = self.slot
        self.seen, stored = slot.revision, slot.stored
        self.data = start if stored is None else stored
        self.controls = shown(slot, self.data)
        if isinstance(slot.question, Reference):
            self._name_the_codes()
        self._check()

    def _check(self) -> None:
        plain, question = self.data, self.slot.question
        self.problems[:] = [] if plain is None else values.check(question, plain, self.register)
        self.unreadable = bool(self.problems and plain is not None and unreadable(question, plain))

    def _read(self) -> Plain | None:
        if self.slot.known is not None and self.one(".is_right") == "yes":
            return self.slot.known
        typed = values.read(self.slot.question, self.controls, self.slot.name, self.register)
        # a correction starts from what is known: left as it is, it is none
        return None if self.slot.known is not None and typed == self.slot.known else typed

    def _name_the_codes(self) -> None:
        if self.slot.name in self.controls:
            codes = self.controls[self.slot.name]
            self.controls[self.slot.name] = [self.register.organisation(code) for code in codes]

    def one(self, suffix: str = "") -> str:
        """The first text in the controls of that suffix, or ''."""
        return next(iter(self.controls.get(self.slot.name + suffix, ())), "")

    def many(self, suffix: str = "") -> list[str]:
        """Every text in the controls of that suffix."""
        return self.controls.get(self.slot.name + suffix, [])

    @property
    def confirms(self) -> str | None:
        """What the answer goes back to: a fact of the register that it confirms, or an earlier answer that it
        changes.
        """
        if self.slot.known is not None and self.one(".is_right") == "yes":
            return f"register:{self.slot.question.known}"
        return f"{Said.CHANGED}:{self.changes.revision_id}" if self.changes else None

    @property
    def changes(self) -> Sent | None:
        """The answer of the round before from which this one sets out, if the page says so."""
        earlier = self.slot.earlier
        return earlier if earlier and self.one(".from") == str(earlier.revision_id) else None

    @property
    def quoting(self) -> Attribution | None:
        """The attribution chosen on the page for this answer alone,
        None where it was left as it was drawn.
        """
        return chosen_attribution(self.controls, self.slot.quoted_as)


def chosen_attribution(controls: Mapping[str, list[str]], name: str) -> Attribution | None:
    """What was chosen under ``<name>.quoting``, unless it is what the page was drawn with (``.quoted``)."""
    now, before = controls.get(f"{name}.quoting") or [""], controls.get(f"{name}.quoted") or [""]
    if now[0] == before[0] or now[0] not in set(Attribution):
        return None
    return Attribution(now[0])


def shown(slot: Slot, plain: Plain | None) -> dict[str, list[str]]:
    """What the controls hold for an answer; where something is known, a correction starts from it."""
    if slot.known is None:
        return {} if plain is None else values.posted(slot.question, plain, slot.name)
    if plain is None or plain == slot.known:
        right = {} if plain is None else {f"{slot.name}.is_right": ["yes"]}
        return {**right, **values.posted(slot.question, slot.known, slot.name)}
    return {f"{slot.name}.is_right": ["no"], **values.posted(slot.question, plain, slot.name)}


def _revision(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


@singledispatch
def unreadable(_question: BaseQuestion, _plain: Plain) -> bool:
    """Whether a value that `values.check` refuses cannot even be kept as a draft. A text always can."""
    return False


@unreadable.register
def _number(_question: Number | Year, plain: Plain) -> bool:
    return isinstance(plain, str)


@unreadable.register
def _date(_question: Date, _plain: Plain) -> bool:
    return True
