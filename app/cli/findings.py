"""`flask findings`: compile the summary of a mechanism, and write it to a file."""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from app import clock
from app.cli import files
from app.cli.people import by, work
from app.exports import edition_document, summary_document
from app.findings.summary import Summary
from app.models import Organisation, Round
from app.policy import Act
from app.queries import round_overview
from app.services import auditing, editions, summarising

FORMATS = click.Choice(["docx", "pdf", "html", "json"])
round_option = click.option("--round", "round_code", metavar="CODE", required=True, help="The round.")


def _subject(session: Session, round_code: str, iscm_code: str) -> tuple[Round, Organisation]:
    round_ = round_overview.round_by_code(session, round_code)
    if round_ is None:
        raise click.UsageError(f"There is no round “{round_code}”.")
    iscm = round_overview.mechanism_of(session, round_, iscm_code)
    if iscm is None:
        raise click.UsageError(f"There is no mechanism “{iscm_code}” in the round “{round_code}”.")
    return round_, iscm


@click.group()
def findings() -> None:
    """Summaries of findings."""


@findings.command()
@click.argument("iscm")
@round_option
@by
def compile(iscm: str, round_code: str, by: str | None) -> None:
    """Compile the summary of ISCM (its code, for example eap-panel), keep it, and print it with its gaps."""
    with work(by, Act.COMPILE_FINDINGS) as (session, who):
        round_, mechanism = _subject(session, round_code, iscm)
        summarising.compile(session, round_, mechanism, who, clock.now())
        summary, _ = summarising.current(session, round_, mechanism)
    _print(summary)


@findings.command()
@click.argument("iscm")
@round_option
@click.option("--format", "fmt", type=FORMATS, required=True, help="What kind of file.")
@click.option("--output", type=files.NEW_FILE, required=True, help="Where to write it.")
@by
def export(iscm: str, round_code: str, fmt: str, output: Path, by: str | None) -> None:
    """Write the summary of ISCM, compiled from what is in force now, to a file."""
    with work(by, Act.EXPORT_FINDINGS) as (session, who):
        round_, mechanism = _subject(session, round_code, iscm)
        now = clock.now()
        summary, setting = summarising.current(session, round_, mechanism)
        content = summary_document.render(summary, setting, fmt, now)
        detail = {"round": round_code, "format": fmt}
        auditing.record(session, who, "exported_findings", mechanism, detail, at=now)
    files.write(output, content)
    click.echo(f"{output}: {len(content):,} bytes")


@findings.command()
@click.argument("iscm")
@round_option
@by
def publish(iscm: str, round_code: str, by: str | None) -> None:
    """Publish the summary of ISCM as it reads now; an edition that says the same is not made twice."""
    with work(by, Act.PUBLISH_FINDINGS) as (session, who):
        round_, mechanism = _subject(session, round_code, iscm)
        now = clock.now()
        summary, setting = summarising.current(session, round_, mechanism)
        content = edition_document.content_of(summary, setting, now)
        made = editions.publish(session, round_, mechanism, content, who, now)
        said = f"{iscm}, round {round_code}: edition {made.edition}, {made.digest}"
    click.echo(said)


def _print(summary: Summary) -> None:
    """Print the sentences by section, then what nobody answered."""
    for section in summary.sections:
        if section.statements:
            click.echo(section.title)
        for statement in section.statements:
            click.echo(f"  {statement.text} [{len(statement.citations)}]")
    number = sum(1 for _ in summary.statements)
    silent = f"{len(summary.gaps)} {'gap' if len(summary.gaps) == 1 else 'gaps'}"
    click.echo(f"{summary.iscm}, round {summary.round_code}: {number} statements, {silent}")
    for gap in summary.gaps:
        click.echo(f"  {gap}")
