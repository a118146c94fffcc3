"""A small world whose questionnaires lie in a folder, for the stories of survey staff."""

import copy
import json
from pathlib import Path
from typing import Any

from app.database import Database
from app.definitions.schema import Questionnaire, from_stored
from tests import factories

COORDINATOR, ANALYST, VIEWER = "coordinator@example.org", "analyst@example.org", "viewer@example.org"


def lay(root: Path, questionnaire: Questionnaire) -> Path:
    """Put the questionnaire into the folder as its author would."""
    folder = root / questionnaire.key
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"v{questionnaire.version}.yaml"
    path.write_text(json.dumps(questionnaire.stored(), ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def settled(database: Database, root: Path) -> factories.World:
    """The small world, with the files of what it published."""
    for audience in ("state", "iscm", "igo"):
        lay(root, factories.questionnaire(audience))
    with database.begin() as session:
        made = factories.world(session)
        session.flush()
        session.expunge_all()
    return made


def changed(version: int, change: Any, audience: str = "state") -> Questionnaire:
    """The questionnaire of the small world with something changed in its plain form."""
    data = copy.deepcopy(factories.questionnaire(audience, version).stored())
    change(data)
    return from_stored(data)


def asked(data: dict[str, Any], key: str) -> dict[str, Any]:
    """The question with that key, to be changed."""
    for section in data["sections"]:
        for page in section["pages"]:
            for question in page["questions"]:
                if question["key"] == key:
                    found: dict[str, Any] = question
                    return found
    raise KeyError(key)


def drop(data: dict[str, Any], key: str) -> None:
    """Take a question out."""
    for section in data["sections"]:
        for page in section["pages"]:
            page["questions"] = [each for each in page["questions"] if each["key"] != key]
