"""The tiny definitions of tests/questionnaires, one for each feature, and short ways to route them."""

from pathlib import Path

from app.definitions import loader, routing
from app.definitions.plain import Plain
from app.definitions.routing import Instance, InstanceId
from app.definitions.schema import Questionnaire

ROOT = Path(__file__).parents[2] / "questionnaires"
FEATURES = loader.load_all(ROOT)


KNOWN = {"GEO": "Georgia", "POL": "Poland", "IOM": "the IOM", "eap-panel": "the EaP Panel"}


class Register:
    """Names and codes for tests."""

    def organisation(self, code: str) -> str:
        return KNOWN[code]

    def find(self, to: str, typed: str) -> str | None:
        return next(
            (code for code, name in KNOWN.items() if typed.casefold() in (code.casefold(), name.casefold())),
            None,
        )


REGISTER = Register()


def feature(key: str) -> Questionnaire:
    return FEATURES[key]


def shown(key: str, answers: dict[str, Plain], instances: list[Instance] | None = None) -> list[str]:
    """Return the keys of the questions shown when the answers, outside of blocks, are these."""
    placed: dict[tuple[InstanceId, str, str], Plain] = {
        (None, word, ""): value for word, value in answers.items()
    }
    path = routing.path(feature(key), placed, instances or [])
    return [question.key for page in path.pages for question in page.questions]
