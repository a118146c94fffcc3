"""Forms of any questionnaire with answers of every kind, without a database."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import singledispatchmethod
from pathlib import Path
from uuid import UUID, uuid5

from app.definitions import loader, questions, text, values
from app.definitions.plain import Plain
from app.definitions.questions import BaseQuestion
from app.definitions.schema import Questionnaire
from app.exports.forms import building, files
from app.exports.forms.building import Wanted
from app.exports.forms.manifest import About
from app.exports.forms.model import Form, Spot
from app.exports.forms.written import Filled, changed
from tests.filling import SECRET

ROOT = Path(__file__).parents[4]
QUESTIONNAIRES: Mapping[str, Questionnaire] = {
    **{f"feature {key}": found for key, found in loader.load_all(ROOT / "tests/questionnaires").items()},
    **{f"real {key}": found for key, found in loader.load_all(ROOT / "questionnaires").items()},
}
NASTY = (
    "=1+1",
    "+41 22 717 9111",
    "@home",
    "-1",
    "'quoted",
    "\ta tab first, and one\tinside",
    "two  spaces,   three",
    "مرحبا بالعالم، 12 في المئة",
    "emoji 👩🏽‍💻 and 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "_x0041_ _x000D_ _x005F_",
    "{not} {{a}} placeholder",
    "<w:t>no</w:t> & \"quotes\" 'n' ]]>",
    "https://example.org/a?b=c#d",
    "☒ x",
    "Choose",
)
LINES = "\n".join(["one", "", *NASTY, "", "the end"])
_NAMES = UUID("8c9a3f0e-1111-4222-8333-444455556666")
HERE = uuid5(_NAMES, "a block")


class Answered:
    """A response in which every question is answered, or none; every list has two records."""

    def __init__(self, *, answered: bool = True, text_: str = LINES) -> None:
        self.answered = answered
        self.text = text_

    def words(self, template: str | None, instance: UUID | None) -> str:
        if not template:
            return ""
        words = template.in_locale("en") if isinstance(template, text.LocalizedText) else template
        return text.fill(words, {"subject": "the Alpha Process", "organisation": "Arcadia"})

    def shown(self, question: BaseQuestion, spot: Spot, key: str, item: str) -> Mapping[str, Sequence[str]]:
        plain = self.plain(question) if self.answered and spot.slot is None else None
        return values.posted(question, plain, "") if plain is not None else {}

    def known(self, question: BaseQuestion, spot: Spot) -> str | None:
        return "as in the register" if question.known else None

    def revision(self, spot: Spot, key: str, item: str) -> int:
        return 3 if self.answered and spot.slot is None else 0

    def records(self, instance: UUID | None, key: str) -> Sequence[UUID]:
        return [uuid5(_NAMES, f"{instance} {key} {number}") for number in (1, 2)] if self.answered else []

    @singledispatchmethod
    def plain(self, question: BaseQuestion) -> Plain | None:
        """An answer of the kind."""
        raise TypeError(type(question).__name__)

    @plain.register
    def _long(self, question: questions.LongText) -> Plain:
        return self.text

    @plain.register
    def _short(self, question: questions.ShortText) -> Plain:
        return NASTY[len(question.key) % len(NASTY)]

    @plain.register
    def _number(self, question: questions.Number) -> Plain:
        return 12 if question.integer else 12.5

    @plain.register
    def _year(self, question: questions.Year) -> Plain:
        return 2021

    @plain.register
    def _date(self, question: questions.Date) -> Plain:
        return "2026-11-23"

    @plain.register
    def _link(self, question: questions.Link) -> Plain:
        return "https://example.org/law?x=1"

    @plain.register
    def _yes_no(self, question: questions.YesNo) -> Plain:
        return "no"

    @plain.register
    def _choice(self, question: questions.Choice) -> Plain:
        last = question.options[-1]
        return {"option": last.key, "other": "own words"} if last.specify else {"option": last.key}

    @plain.register
    def _choices(self, question: questions.Choices) -> Plain:
        chosen = [question.options[0].key, question.options[-1].key]
        plain: dict[str, object] = {"options": list(dict.fromkeys(chosen))}
        return {**plain, "other": "own words"} if question.options[-1].specify else plain

    @plain.register
    def _reference(self, question: questions.Reference) -> Plain:
        return {"codes": ["GEO", "IOM"][: 1 + question.several]}

    @plain.register
    def _records(self, question: questions.Records) -> Plain | None:
        return None

    @plain.register(questions.Note)
    @plain.register(questions.File)
    def _nothing(self, question: BaseQuestion) -> Plain | None:
        return None


def form_of(questionnaire: Questionnaire, answers: Answered) -> Form:
    """The whole questionnaire as a form; what is asked about mechanisms is asked about one."""
    wanted = [
        Wanted(section, HERE if section.repeat else None, str(section.title), str(section.title))
        for section in questionnaire.sections
    ]
    return Form(
        title="A form",
        occasion="A round",
        line="For Arcadia",
        guidance=("Write in the boxes.",),
        language="en",
        parts=building.parts(questionnaire, wanted, answers, "en"),
    )


def file_of(questionnaire: Questionnaire, kind: str, answers: Answered | None = None) -> bytes:
    """The form as a file."""
    about = About(
        response=HERE,
        version=HERE,
        digest=questionnaire.digest(),
        scope="all",
        locale="en",
        made_at=datetime(2026, 11, 23, 14, 5, tzinfo=UTC),
        blank=False,
    )
    return files.write(form_of(questionnaire, answers or Answered()), about, kind, SECRET)


def differences(data: bytes) -> list[Filled]:
    """What the file says against what it was shipped with."""
    return list(changed(*files.read(data, SECRET)))
