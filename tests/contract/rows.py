"""Everything that the database holds, to see whether something changed."""

from sqlalchemy import select

from app.models import Base, LoginSession
from tests.contract.conftest import Settled

SEEN = LoginSession.__table__.c.last_seen_at


def rows_of(settled: Settled) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database, but for when a session was last seen."""
    with settled.database.read() as session:
        found = {}
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.c if column is not SEEN]
            found[table.name] = sorted((tuple(row) for row in session.execute(select(*columns))), key=repr)
        return found
