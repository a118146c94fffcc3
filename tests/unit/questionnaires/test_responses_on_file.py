"""Every committed answer file fits its questionnaire: keys, kinds, limits, and nothing off the path."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.definitions import loader, values
from app.definitions.plain import Plain
from app.definitions.questions import Matrix, Question, Records
from app.definitions.routing import Instance, InstanceId, path
from app.definitions.schema import Questionnaire
from app.definitions.source import read
from app.services import import_files

REPOSITORY = Path(__file__).parents[3]
ROOT = REPOSITORY / "questionnaires"
FOLDERS = (REPOSITORY / "tests/cases/eap-2019/responses", ROOT / "demo/training/responses")
FILES = [file for folder in FOLDERS for file in sorted(folder.glob("*.yaml"))]


@pytest.fixture(scope="module")
def questionnaires() -> dict[str, Questionnaire]:
    return loader.load_all(ROOT)


class Filled:
    """The answers of a file in the form that routing takes."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.answers: dict[tuple[InstanceId, str, str], Plain] = {}
        self.instances: list[Instance] = []

    def take(self, instance: str | None, answers: dict[str, Any]) -> None:
        for key, raw in answers.items():
            question = self.questionnaire.question(key)
            assert question.parent is None, key
            if isinstance(question, Matrix):
                for row, plain in values.cells_from_file(question, raw).items():
                    self.put(instance, question.cell, key, row, plain)
            elif isinstance(question, Records):
                self.records(instance, question, raw)
            else:
                self.put(instance, question, key, "", values.from_file(question, raw))

    def records(self, instance: str | None, question: Records, raw: Any) -> None:
        found = values.records_from_file(question, raw)
        if isinstance(found, str):
            self.answers[instance, question.key, ""] = found
            return
        for number, record in enumerate(found):
            name = f"{instance}.{question.key}.{number}"
            self.instances.append(Instance(name, question.key, instance))
            for key, plain in record.items():
                self.put(name, self.questionnaire.field(question.key, key), key, "", plain)

    def put(self, instance: str | None, question: Question, key: str, item: str, plain: Plain) -> None:
        assert values.check(question, plain) == [], (instance, key, plain)
        self.answers[instance, key, item] = plain


def filled(data: dict[str, Any], questionnaire: Questionnaire) -> Filled:
    result = Filled(questionnaire)
    result.take(None, data.get("answers", {}))
    for code, block in data.get("mechanisms", {}).items():
        result.instances.append(Instance(code, "mechanisms", None, code))
        result.take(code, block["answers"])
    return result


def off_path(result: Filled) -> Iterator[tuple[InstanceId, str]]:
    routed = path(result.questionnaire, result.answers, result.instances)
    for instance, key, _ in result.answers:
        if not routed.on(instance, key):
            yield instance, key


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_fits(file: Path, questionnaires: dict[str, Questionnaire]) -> None:
    data = read(file, REPOSITORY).data
    assert import_files.shaped(data)[1] == []
    pinned = data["questionnaire"]
    questionnaire = questionnaires[pinned["key"]]
    assert (data["audience"], pinned["version"]) == (questionnaire.audience, questionnaire.version)
    assert data["organisation"] == file.stem
    assert list(off_path(filled(data, questionnaire))) == []


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


def test_case_is_answered_in_its_own_words() -> None:
    """Nothing is invented for a real State or mechanism: every text of three words or more is the case's."""
    case = " ".join((REPOSITORY / "tests/cases/eap-2019/case.yaml").read_text(encoding="utf-8").split())
    for file in sorted(FOLDERS[0].glob("*.yaml")):
        data = read(file, REPOSITORY).data
        blocks = data.get("mechanisms", {}).values()
        given = [data.get("answers", {}), *(block["answers"] for block in blocks)]
        missing = [text for text in strings(given) if len(text.split()) > 2 and text not in case]
        assert missing == [], file.name
