"""How many statements a page takes."""

from sqlalchemy import event

from tests.browsing import Visitor


def statements_of(visitor: Visitor, address: str) -> int:
    """Fetch the page once to warm what is kept, then count the statements of the second time."""
    visitor.open(address)
    engine = visitor.app.extensions["database"].engine
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        visitor.open(address)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
