"""`flask people import`: a list of people, looked at or taken over as a whole."""

from pathlib import Path

import click

from app import clock
from app.cli.people import by, work
from app.i18n import ngettext
from app.policy import Act
from app.services import people_import, people_rows, staging
from app.services.people_import import Plan, Planned, State
from app.services.table_files import TableRefused

SHOWN = 50


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--apply", "takes_over", is_flag=True, help="Take it over; without this, say what would change."
)
@by
def import_people(file: Path, takes_over: bool, by: str | None) -> None:
    """Import a FILE of people (.csv, .xlsx, .yaml): all of it or, if one row is wrong, nothing."""
    content = file.read_bytes()
    try:
        with work(by, Act.MANAGE_CONTACTS) as (session, who):
            read = people_rows.read(content, file.name)
            planned = people_import.plan(session, read, who, clock.now().date())
            _report(file.name, planned)
            if not planned.possible:
                raise SystemExit(2)
            if takes_over:
                counts = staging.import_people(session, content, file.name, who, clock.now())
    except TableRefused as refused:
        for fault in refused.faults:
            click.echo(str(fault), err=True)
        raise SystemExit(2) from None
    if takes_over:
        done = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        click.echo(f"Taken over: {done or 'nothing, all of it was there already'}.")
    else:
        click.echo("Nothing was changed. Say --apply to take it over.")


def _report(name: str, planned: Plan) -> None:
    reading = planned.file.reading
    said = ", ".join(each for each in (reading.encoding, reading.sheet) if each)
    click.echo(f"{name}{f' ({said})' if said else ''}:")
    for remark in reading.remarks:
        click.echo(f"  Note: {remark}")
    for row in [each for each in planned.rows if each.state is State.ERROR]:
        for column, words in row.faults:
            click.echo(f"{name}:{row.row.number}: {column}: {words}", err=True)
    changed = [each for each in planned.rows if each.differences]
    for row in changed[:SHOWN]:
        click.echo(f"  {_said(row)}")
    if len(changed) > SHOWN:
        click.echo(f"  … and {len(changed) - SHOWN} more.")
    wrong = planned.counts[State.ERROR]
    if wrong:
        many = ngettext("%(num)s row is wrong", "%(num)s rows are wrong", wrong)
        click.echo(f"{name}: {many}; nothing was imported.", err=True)


def _said(row: Planned) -> str:
    changes = "; ".join(
        f"{each.column}: {each.was} → {each.now}" if each.was is not None else f"{each.column}: {each.now}"
        for each in row.differences
    )
    like = f" (nearly the same name: {'; '.join(row.like)})" if row.like else ""
    return f"{'+' if row.state is State.NEW else '~'} {row.row.values['email']}: {changes}{like}"
