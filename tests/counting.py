"""How many statements something takes: costs must not grow with the round."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event

from tests.browsing import Visitor


@contextmanager
def counted(engine: Engine | Connection) -> Iterator[list[str]]:
    """Every statement that the engine sends meanwhile, in order."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def statements_of(visitor: Visitor, address: str) -> int:
    """Fetch the page once to warm what is kept, then count the statements of the second time."""
    visitor.open(address)
    with counted(visitor.app.extensions["database"].engine) as sent:
        visitor.open(address)
    return len(sent)
