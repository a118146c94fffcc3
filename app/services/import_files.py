"""Reading a file of one respondent's answers: its shape, and every value against the questionnaire.

The form is documented in ``app.queries.response_files``; a file may also say ``entered``: from what and when
staff took it (``{"from": "telephone call with …", "dated": "2019-05-03"}``). Nothing here touches the
database.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from app.definitions import values
from app.definitions.faults import shown, suggestion
from app.definitions.questions import File, Matrix, Note, Question, Records
from app.definitions.schema import Questionnaire
from app.i18n import _
from app.policy import ATTRIBUTIONS_OF, Attribution


def _attribution(given: object) -> object:
    return given.strip().lower().replace(" ", "_") if isinstance(given, str) else given


_DATED = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_FIRST_DAY = "0001-01-01"


def _day_month_or_year(given: str) -> str:
    if _DATED.fullmatch(given):
        try:
            date.fromisoformat(given + _FIRST_DAY[len(given) :])
        except ValueError:
            pass
        else:
            return given
    raise PydanticCustomError("not_dated", "no date")


Choice = Annotated[Attribution | None, BeforeValidator(_attribution)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mark(_Shape):
    """What differs for one answer from what is around it."""

    question: str
    record: Annotated[int, Field(ge=1)] | None = None
    field: str | None = None
    row: str | None = None
    attribution: Choice = None
    language: Language | None = None
    confirms: str | None = None


class Scope(_Shape):
    """The answers about one mechanism."""

    attribution: Choice = None
    answers: dict[str, Any] = Field(default_factory=dict)
    marks: list[Mark] = Field(default_factory=list)


class Pinned(_Shape):
    """Which questionnaire the file was made for."""

    key: str
    version: int


class Entered(_Shape):
    """From what and when staff took the answers."""

    what: Annotated[str, Field(alias="from", min_length=1)]
    dated: Annotated[str, AfterValidator(_day_month_or_year)]


class ResponseFile(Scope):
    """The whole file."""

    format: Literal["rapporteur-response/1"] = "rapporteur-response/1"
    round: str
    organisation: str
    audience: Literal["state", "iscm", "igo"] | None = None
    questionnaire: Pinned | None = None
    language: Language | None = None
    entered: Entered | None = None
    mechanisms: dict[str, Scope] = Field(default_factory=dict)
    receipt: dict[str, Any] | None = None
    """What a respondent's own copy says of itself; nothing of it is stored."""


@dataclass(frozen=True)
class Entry:
    """One answer of the file: of which mechanism, record (from 1) and row, and its mark."""

    path: str
    iscm: str | None
    records: str | None
    record: int | None
    question_key: str
    item: str
    value: Any
    mark: Mark | None


@dataclass
class Contents:
    """What a file says, and every fault in it. ``lists`` are the lists of records with how many each has."""

    entries: list[Entry] = field(default_factory=list)
    lists: dict[tuple[str | None, str], int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def shaped(data: object) -> tuple[ResponseFile | None, list[str]]:
    """The file in its shape, or None and every fault of its shape."""
    try:
        return ResponseFile.model_validate(data), []
    except ValidationError as refused:
        errors = refused.errors(include_url=False)
        return None, [f"{'.'.join(map(str, error['loc'])) or _('file')}: {_words(error)}" for error in errors]


def _words(error: ErrorDetails) -> str:
    """What is wrong with the shape, and what to write instead."""
    kind, last = error["type"], error["loc"][-1] if error["loc"] else ""
    if kind == "extra_forbidden":
        return _("unknown key") + suggestion(last, _KEYS)
    if kind == "missing":
        return _("is missing")
    if kind == "not_dated":
        return _(
            "%(given)s is no date; write the day, the month or the year, such as “2026-11-20”, “2026-11” "
            "or “2026”",
            given=shown(error["input"]),
        )
    if kind == "string_type":
        return _("should be text; put it in quotation marks")
    if kind in {"literal_error", "enum"}:
        expected = error.get("ctx", {}).get("expected", "")
        return _("%(given)s is not one of %(known)s", given=shown(error["input"]), known=expected)
    if kind in {"dict_type", "model_type", "model_attributes_type"}:
        return _("should be a mapping of keys to values")
    return error["msg"][:1].lower() + error["msg"][1:200]


def _names(*shapes: type[_Shape]) -> list[str]:
    return [field.alias or name for shape in shapes for name, field in sorted(shape.model_fields.items())]


_KEYS = _names(ResponseFile, Mark, Pinned, Entered)


def contents(
    file: ResponseFile, questionnaire: Questionnaire, directory: values.Directory | None = None
) -> Contents:
    """Every answer of the file in its plain form, and every fault of it."""
    found = Contents()
    if file.questionnaire is not None and (file.questionnaire.key, file.questionnaire.version) != (
        questionnaire.key,
        questionnaire.version,
    ):
        found.faults.append(
            _(
                "questionnaire: the response is to version %(version)s of “%(key)s”",
                version=questionnaire.version,
                key=questionnaire.key,
            )
        )
    _Reader(questionnaire, directory, found, None, file, "").read()
    for iscm, scope in file.mechanisms.items():
        _Reader(questionnaire, directory, found, iscm, scope, f"mechanisms.{iscm}.").read()
    return found


class _Reader:
    """Reads one scope: what stands outside blocks, or one mechanism's."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        directory: values.Directory | None,
        found: Contents,
        iscm: str | None,
        scope: Scope,
        path: str,
    ) -> None:
        self.questionnaire = questionnaire
        self.directory = directory
        self.found = found
        self.iscm = iscm
        self.scope = scope
        self.path = path
        self.offered = ATTRIBUTIONS_OF[questionnaire.audience]
        self.unused = {self._key(mark): mark for mark in scope.marks}

    @staticmethod
    def _key(mark: Mark) -> tuple[str, int | None, str | None, str | None]:
        return mark.question, mark.record, mark.field, mark.row

    def read(self) -> None:
        """Read the answers, then say which marks are about nothing."""
        self._offered(self.scope.attribution, f"{self.path}attribution")
        for key, raw in self.scope.answers.items():
            path = f"{self.path}answers.{key}"
            question = self._question(key)
            if question is None:
                self._fault(path, _("there is no such question here"))
                continue
            try:
                self.found.entries += self._entries(question, raw, path)
            except values.ValueSentence as refused:
                for sentence in refused.sentences:
                    self._fault(path, sentence)
                self.unused = {place: mark for place, mark in self.unused.items() if place[0] != key}
        for question_key, record, field_key, row in self.unused:
            place = ".".join(str(part) for part in (question_key, record, field_key, row) if part is not None)
            self._fault(f"{self.path}marks.{place}", _("there is no such answer in the file"))

    def _question(self, key: str) -> Question | None:
        place = self.questionnaire.places.get(key)
        if place is None or place.records is not None or isinstance(place.question, Note | File):
            return None
        return place.question if (place.section.repeat is not None) == (self.iscm is not None) else None

    def _entries(self, question: Question, raw: Any, path: str) -> Iterator[Entry]:
        if isinstance(question, Matrix):
            for row, value in values.cells_from_file(question, raw, self.directory).items():
                mark = self._mark(question.key, row=row)
                yield Entry(path, self.iscm, None, None, question.key, row, value, mark)
        elif isinstance(question, Records):
            yield from self._records(question, raw, path)
        else:
            value = values.from_file(question, raw, self.directory)
            mark = self._mark(question.key)
            yield Entry(path, self.iscm, None, None, question.key, "", value, mark)

    def _records(self, question: Records, raw: Any, path: str) -> Iterator[Entry]:
        listed = values.records_from_file(question, raw, self.directory)
        if isinstance(listed, str):
            self.found.lists[self.iscm, question.key] = 0
            mark = self._mark(question.key)
            yield Entry(path, self.iscm, None, None, question.key, "", listed, mark)
            return
        self.found.lists[self.iscm, question.key] = len(listed)
        for number, record in enumerate(listed, 1):
            whole = self._mark(question.key, record=number)
            yield Entry(path, self.iscm, question.key, number, "", "", None, whole)
            for key, value in record.items():
                mark = self._mark(question.key, record=number, field=key)
                yield Entry(path, self.iscm, question.key, number, key, "", value, mark)

    def _mark(
        self, question: str, record: int | None = None, field: str | None = None, row: str | None = None
    ) -> Mark | None:
        mark = self.unused.pop((question, record, field, row), None)
        if mark is not None:
            self._offered(mark.attribution, f"{self.path}marks.{question}.attribution")
        return mark

    def _offered(self, attribution: Attribution | None, path: str) -> None:
        if attribution is not None and attribution not in self.offered:
            self._fault(path, _("this choice is not offered here"))

    def _fault(self, path: str, words: str) -> None:
        self.found.faults.append(f"{path}: {words}")


def source_of(file: ResponseFile) -> Mapping[str, str] | None:
    """What a revision keeps of where it was entered from; None for a file that does not say."""
    if file.entered is None:
        return None
    return {"what": file.entered.what, "dated": file.entered.dated}
