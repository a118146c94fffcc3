"""A round, and letters of it that wait."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import OutboxMessage
from app.policy import SYSTEM
from app.services import mailing, people
from app.services.letters import LETTERS
from app.services.smtp import Patience, SmtpMailer
from tests import posting
from tests.factories import NOW, World, world
from tests.mail_server import Post, serving

HURRIED = Patience(step=1.5, letter=4, last_word=2)


@dataclass
class Round:
    """A world with a mail server; letters wait in it under the names of their recipients."""

    made: World
    post: Post
    url: str
    rows: dict[str, UUID] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        """The test's session."""
        return self.made.session

    def waiting(self, *names: str) -> None:
        """Have a letter wait for each of these, the first named due first."""
        for place, name in enumerate(names):
            user = people.add_user(self.session, f"{name}@ministry.example", name, SYSTEM, now=NOW)
            letter = OutboxMessage(
                id=uuid4(),
                kind="told",
                dedupe_key=f"told:{name}",
                user_id=user.id,
                payload={},
                created_at=NOW,
                due_at=NOW - timedelta(seconds=60 - place),
                round_id=self.made.round.id,
            )
            self.session.add(letter)
            self.session.flush()
            self.rows[name] = letter.id

    def send(self, minutes: float = 0) -> int:
        """Send what is due so many minutes later."""
        mailer = SmtpMailer(self.url, "survey.example", HURRIED)
        office = posting.office(self.session, mailer, NOW + timedelta(minutes=minutes))
        return mailing.send_due(office)

    def row(self, name: str) -> OutboxMessage:
        """The letter to this one."""
        return self.session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.id == self.rows[name])
            .execution_options(populate_existing=True)
        ).one()

    def rows_of(self, names: Sequence[str]) -> list[OutboxMessage]:
        """The letters to these."""
        return [self.row(name) for name in names]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of letter without any rules."""

    def write(_session: Session, _message: OutboxMessage, user: object, *_rest: object) -> tuple[str, str]:
        return "News of the round", f"Dear {getattr(user, 'name', '')},\n\n.this line begins with a dot\n"

    monkeypatch.setitem(LETTERS, "told", write)


@pytest.fixture
def round_(session: Session, told: None) -> Iterator[Round]:
    """A world and its mail server."""
    post = Post()
    with serving(post) as port:
        yield Round(world(session), post, f"smtp://127.0.0.1:{port}")
