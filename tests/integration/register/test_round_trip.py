"""What the register exports, it imports again without a change."""

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.models import IscmProfile, Membership, Organisation
from app.policy import SYSTEM
from app.services.register_export import TABLES, Table, as_csv, as_yaml
from app.services.register_import import import_register


def emptied(session: Session) -> None:
    for table in (Membership, IscmProfile, Organisation):
        session.execute(delete(table).execution_options(synchronize_session=False))
    session.expunge_all()


def test_yaml_goes_round(register: Session) -> None:
    written = as_yaml(register)
    again = import_register(register, written.encode(), "export.yaml", SYSTEM)
    assert again.changes == ()
    emptied(register)
    import_register(register, written.encode(), "export.yaml", SYSTEM)
    assert as_yaml(register) == written


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_changes_nothing(register: Session, separator: str) -> None:
    for table in TABLES:
        written = as_csv(register, table)
        if separator != ",":
            written = other_separator(written, separator)
        again = import_register(register, written.encode("utf-8-sig"), f"{table}.csv", SYSTEM)
        assert again.changes == ()


def test_csv_fills_an_empty_register(register: Session) -> None:
    before = {table: as_csv(register, table) for table in TABLES}
    emptied(register)
    for table in TABLES:
        import_register(register, before[table].encode(), f"{table}.csv", SYSTEM)
    after: dict[Table, str] = {table: as_csv(register, table) for table in TABLES}
    assert after == before


def other_separator(written: str, separator: str) -> str:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(csv.reader(io.StringIO(written)))
    return out.getvalue()
