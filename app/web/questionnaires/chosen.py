"""Which version an address names: ``state/2`` is what was published, ``state/v2.yaml`` a file."""

from dataclasses import dataclass

from flask import abort

from app.definitions.schema import Questionnaire
from app.definitions.shelf import Lying, Shelf, shelf
from app.i18n import _
from app.models import QuestionnaireVersion
from app.queries import definitions, questionnaires
from app.web import transactions
from app.web.settings import settings


@dataclass(frozen=True)
class Chosen:
    """One version of a questionnaire, as a value, with the row or the file it comes from."""

    key: str
    which: str
    questionnaire: Questionnaire
    row: QuestionnaireVersion | None = None
    file: Lying | None = None

    @property
    def name(self) -> str:
        """“Version 2”, “Version 3, not published”."""
        if self.row is not None:
            return _("Version %(number)s", number=self.questionnaire.version)
        return _("Version %(number)s, not published", number=self.questionnaire.version)


def here() -> Shelf:
    """The files of this installation."""
    return shelf(settings().questionnaires)


def chosen(key: str, which: str) -> Chosen:
    """The version that the address names. Aborts with 404 for none, and for a file with faults."""
    found = find(key, which)
    return found if found is not None else abort(404)


def find(key: str, which: str) -> Chosen | None:
    """The version that an address or a choice names, None if there is none that can be read."""
    session = transactions.session()
    if which.isascii() and which.isdigit() and len(which) < 5:
        row = questionnaires.version(session, key, int(which))
        return Chosen(key, which, definitions.of(session, row.id), row=row) if row else None
    file = here().find(key, which)
    if file is None or file.questionnaire is None:
        return None
    return Chosen(key, which, file.questionnaire, file=file)
