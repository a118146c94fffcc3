"""How organisations were called when the round was opened."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Organisation, Response, RoundProfile


class RoundNames:
    """Names in running text, by code, as the round keeps them; read when first asked for."""

    def __init__(self, session: Session, round_id: UUID) -> None:
        self._session = session
        self._round_id = round_id
        self._names: Mapping[str, str] | None = None

    def organisation(self, code: str) -> str:
        """The name in running text, with its article; the code itself if the round does not know it."""
        if self._names is None:
            rows = self._session.execute(
                select(Organisation.code, RoundProfile.facts)
                .join(RoundProfile, RoundProfile.organisation_id == Organisation.id)
                .where(RoundProfile.round_id == self._round_id)
            )
            self._names = {code_: in_running_text(facts) for code_, facts in rows}
        return self._names.get(code, code)


def of_respondent(session: Session, response: Response) -> str:
    """The name of who answers, in running text, as the round keeps it."""
    facts = session.scalar(
        select(RoundProfile.facts).where(
            RoundProfile.round_id == response.round_id,
            RoundProfile.organisation_id == response.organisation_id,
        )
    )
    return in_running_text(facts) if facts else session.get_one(Organisation, response.organisation_id).name


def in_running_text(facts: Mapping[str, object]) -> str:
    """The name of an organisation's frozen facts as a sentence wants it: “Georgia”, “the Netherlands”."""
    name = str(facts.get("organisation_name") or facts.get("name") or "")
    return f"the {name}" if facts.get("name_article") else name
