"""The kinds of question, as typed values. What each kind *does* is in `app.definitions.kinds`."""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PrivateAttr, Tag, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from app.definitions import conditions
from app.definitions.text import LocalizedText, collated, inside

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
OptionKey = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$")]
OTHER_ROW = "other"
"""The row of a matrix for what was written under “other” in the question its rows are chosen in."""
MAX_CHARACTERS = 100_000
MOST_ATTACHMENTS = 10


class Frozen(BaseModel):
    """Strict, frozen, and with extra keys refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", populate_by_name=True)


class Option(Frozen):
    """One of the answers of a closed list, or a row of a matrix."""

    key: OptionKey
    text: LocalizedText
    inline: LocalizedText | None = Field(default=None, description="The wording inside a sentence.")
    hint: LocalizedText | None = None
    specify: bool = Field(default=False, description="“Other”: opens a field for the respondent's own words.")

    @property
    def said_inside(self) -> str:
        """The wording inside a sentence, in the source language."""
        return self.inline or inside(self.text)


class Warn(Frozen):
    """A soft warning: shown while its rule is true, never in the way."""

    when: conditions.Rule
    text: LocalizedText


class Attachments(Frozen):
    """That files and links can be attached to the answer, and how many."""

    max: Annotated[int, Field(ge=1, le=MOST_ATTACHMENTS)] = MOST_ATTACHMENTS


class BaseQuestion(Frozen):
    """What every kind of question has."""

    key: Key
    concept: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")] | None = None
    text: LocalizedText
    label: LocalizedText | None = Field(default=None, description="Short name for tables and citations.")
    hint: LocalizedText | None = Field(default=None, description="One line under the question.")
    help: LocalizedText | None = Field(default=None, description="Longer explanation, behind “Help”.")
    example: LocalizedText | None = Field(default=None, description="Behind “An example”.")
    required: bool = False
    when: conditions.Rule | None = None
    warn: Annotated[tuple[Warn, ...], Field(strict=False, max_length=10)] = ()
    known: str | None = Field(
        default=None, description="The fact of the register offered as “Is this right?”."
    )
    reuse: bool = Field(default=True, description="May be filled by “same as for …”.")
    attachments: Attachments | None = Field(
        default=None,
        description="Files and links can be attached to the answer: a law, a plan, a declaration.",
    )
    _parent: str | None = PrivateAttr(default=None)

    @property
    def name(self) -> LocalizedText:
        """The short name: the label, or the text where there is none."""
        return self.label or self.text

    @property
    def most_attachments(self) -> int:
        """How many files and links can be attached to the answer; 0 where none can."""
        return self.attachments.max if self.attachments is not None else 0

    @property
    def parent(self) -> str | None:
        """The key of the list of records that this is a field of, or None."""
        return self._parent

    def listed(self) -> tuple[Option, ...]:
        """Return the closed list (for a matrix its fixed rows), empty for kinds without one."""
        return ()

    def option(self, key: str) -> Option | None:
        """Return the option (for a matrix the row) with that key, or None."""
        return next((option for option in self.listed() if option.key == key), None)

    def other_option(self) -> Option | None:
        """Return the option that opens a field for own words, or None."""
        return next((option for option in self.listed() if option.specify), None)


class TextQuestion(BaseQuestion):
    """What the kinds of free text share."""

    max_words: Annotated[int, Field(ge=1, le=20_000)] | None = None
    stem: LocalizedText | None = Field(default=None, description="The beginning of the sentence to complete.")


class ShortText(TextQuestion):
    """One line."""

    kind: Literal["short_text"]
    max_chars: Annotated[int, Field(ge=1, le=2_000)] = 300


class LongText(TextQuestion):
    """A text, however long."""

    kind: Literal["long_text"]
    max_chars: Annotated[int, Field(ge=1, le=MAX_CHARACTERS)] = MAX_CHARACTERS


class Number(BaseQuestion):
    """A number, whole unless `integer: false`."""

    kind: Literal["number"]
    min: int | float | None = None
    max: int | float | None = None
    integer: bool = True
    unit: LocalizedText | None = None


class Year(BaseQuestion):
    """A year of four digits."""

    kind: Literal["year"]
    min: Annotated[int, Field(ge=1000, le=9999)] | None = None
    max: Annotated[int, Field(ge=1000, le=9999)] | None = None


class Date(BaseQuestion):
    """A day."""

    kind: Literal["date"]


class YesNo(BaseQuestion):
    """Yes or no, and with `unsure` a third."""

    kind: Literal["yes_no"]
    unsure: bool = False


Options = Annotated[tuple[Option, ...], Field(strict=False, min_length=1, max_length=300)]


class ClosedQuestion(BaseQuestion):
    """What the kinds with a closed list share."""

    options: Options
    alphabetical: bool = Field(
        default=False, description="The options are shown in the order of their words, own words last."
    )
    vocabulary: SkipJsonSchema[str | None] = None

    def listed(self) -> tuple[Option, ...]:
        """Return the options."""
        return self.options

    def offered(self, locale: str) -> tuple[Option, ...]:
        """Return the options in the order in which they are shown in a language."""
        if not self.alphabetical:
            return self.options
        return tuple(
            sorted(self.options, key=lambda one: (one.specify, collated(one.text.in_locale(locale)), one.key))
        )

    @model_validator(mode="after")
    def _options_stand_once(self) -> "ClosedQuestion":
        keys = [option.key for option in self.options]
        for key in keys:
            if keys.count(key) > 1:
                raise PydanticCustomError("option_twice", f"two options have the key “{key}”")
        if sum(option.specify for option in self.options) > 1:
            raise PydanticCustomError("specify_twice", "only one option may say “specify: true”")
        return self


class Choice(ClosedQuestion):
    """One of a closed list."""

    kind: Literal["choice"]


class Choices(ClosedQuestion):
    """Several of a closed list."""

    kind: Literal["choices"]
    max_choices: Annotated[int, Field(ge=1)] | None = None
    exclusive: Annotated[tuple[OptionKey, ...], Field(strict=False)] = ()


class Reference(BaseQuestion):
    """States, organizations or mechanisms of the register, by code."""

    kind: Literal["reference"]
    to: Literal["states", "organisations", "mechanisms"]
    several: bool = False
    other: bool = Field(default=False, description="Own words are allowed for who is not in the register.")


class Link(BaseQuestion):
    """An address on the web."""

    kind: Literal["link"]


class File(BaseQuestion):
    """Answered with files and links alone."""

    kind: Literal["file"]

    @property
    def most_attachments(self) -> int:
        """How many files and links can be attached; as many as there may be where nothing is said."""
        return self.attachments.max if self.attachments is not None else MOST_ATTACHMENTS


class Note(BaseQuestion):
    """Words to read; there is no answer."""

    kind: Literal["note"]


class ShortTextCell(ShortText):
    """A cell of a matrix."""

    key: SkipJsonSchema[Key] = "cell"
    text: SkipJsonSchema[LocalizedText] = LocalizedText("cell")


class NumberCell(Number):
    """A cell of a matrix."""

    key: SkipJsonSchema[Key] = "cell"
    text: SkipJsonSchema[LocalizedText] = LocalizedText("cell")


class YearCell(Year):
    """A cell of a matrix."""

    key: SkipJsonSchema[Key] = "cell"
    text: SkipJsonSchema[LocalizedText] = LocalizedText("cell")


class YesNoCell(YesNo):
    """A cell of a matrix."""

    key: SkipJsonSchema[Key] = "cell"
    text: SkipJsonSchema[LocalizedText] = LocalizedText("cell")


class ChoiceCell(Choice):
    """A cell of a matrix."""

    key: SkipJsonSchema[Key] = "cell"
    text: SkipJsonSchema[LocalizedText] = LocalizedText("cell")


Cell = Annotated[ShortTextCell | NumberCell | YearCell | YesNoCell | ChoiceCell, Field(discriminator="kind")]


class ChosenIn(Frozen):
    """Rows that are the options chosen in an earlier question, its “other” text as the row `other`."""

    chosen_in: Key


def _rows(value: object) -> str:
    return (
        "chosen"
        if isinstance(value, ChosenIn) or (isinstance(value, dict) and "chosen_in" in value)
        else "list"
    )


class Matrix(BaseQuestion):
    """A question asked for each row; each cell is an answer of its own, with the row's key as its item."""

    kind: Literal["matrix"]
    rows: Annotated[
        Annotated[ChosenIn, Tag("chosen")] | Annotated[Options, Tag("list")], Discriminator(_rows)
    ]
    vocabulary: SkipJsonSchema[str | None] = None
    cell: Cell

    def listed(self) -> tuple[Option, ...]:
        """Return the rows that stand in the definition; none where they are chosen in another question."""
        return () if isinstance(self.rows, ChosenIn) else self.rows


SimpleQuestion = Annotated[
    ShortText | LongText | Number | Year | Date | YesNo | Choice | Choices | Reference | Link,
    Field(discriminator="kind"),
]


class Records(BaseQuestion):
    """A list of records: each is an instance of its own, its fields ordinary answers inside it."""

    kind: Literal["records"]
    fields: Annotated[tuple[SimpleQuestion, ...], Field(strict=False, min_length=1, max_length=20)]
    min: Annotated[int, Field(ge=0, le=100)] | None = None
    max: Annotated[int, Field(ge=1, le=200)] = 50
    item: LocalizedText = Field(description="What one record is called: “Add another …”.")
    none: LocalizedText | None = Field(default=None, description="An answer that says that there are none.")

    @model_validator(mode="after")
    def _fields_know_their_list(self) -> "Records":
        keys = [field.key for field in self.fields]
        for field in self.fields:
            if keys.count(field.key) > 1:
                raise PydanticCustomError("key_twice", f"two fields have the key “{field.key}”")
            object.__setattr__(field, "_parent", self.key)
        return self


Question = (
    ShortText
    | LongText
    | Number
    | Year
    | Date
    | YesNo
    | Choice
    | Choices
    | Matrix
    | Reference
    | Link
    | File
    | Records
    | Note
)
AnyQuestion = Annotated[Question, Field(discriminator="kind")]


def kinds() -> tuple[type[BaseQuestion], ...]:
    """Return every kind of question."""
    return get_args(Question)
