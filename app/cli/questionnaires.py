"""`flask questionnaires`: checks, describes, prints and publishes the definitions of questionnaires."""

import json
import sys
from pathlib import Path

import click

from app.cli import files
from app.cli.people import by, work
from app.definitions import loader
from app.definitions.faults import DefinitionErrors, suggestion
from app.definitions.json_schema import json_schema
from app.definitions.schema import Questionnaire
from app.exports import questionnaire_document
from app.policy import Act
from app.services import publishing

ROOT = Path(__file__).resolve().parents[2] / "questionnaires"
FAULTY = 2

_root = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOT,
    show_default="questionnaires/",
    help="The folder with concepts.yaml and vocabularies/.",
)


@click.group()
def questionnaires() -> None:
    """Check, describe, print and publish questionnaires."""


@questionnaires.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@_root
def check(paths: tuple[Path, ...], root: Path) -> None:
    """Report every fault of the questionnaires (of PATHS, or all of them) and leave with 2 if there is one.

    Texts not translated and translations gone stale are listed too, and are no faults.
    """
    files = [file for path in paths or (root,) for file in (loader.files(path) if path.is_dir() else [path])]
    shared = loader.gather(root.resolve())
    faults, notes = list(shared.faults), list(shared.notes)
    for file in files:
        try:
            questionnaire = loader.load(file.resolve(), root.resolve(), shared)
        except DefinitionErrors as refused:
            faults += refused.faults
        else:
            _praise(file, questionnaire)
            notes += loader.notes(file.resolve(), root.resolve(), shared)
    for note in notes:
        click.echo(f"note: {note}")
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults or not files:
        click.echo(f"Faults: {len(faults)}" if faults else "There is no questionnaire here.", err=True)
        sys.exit(FAULTY)


def _praise(file: Path, questionnaire: Questionnaire) -> None:
    count = sum(1 for place in questionnaire.places.values() if place.records is None)
    click.echo(f"{file.parent.name}/{file.name}: {count} questions, no fault")


@questionnaires.command()
@click.option("--output", type=files.NEW_FILE, default=ROOT / "schema.json")
def schema(output: Path) -> None:
    """Write the JSON Schema of a questionnaire's file."""
    files.write(output, written_schema())
    click.echo(f"Wrote {output.name}.")


def written_schema() -> str:
    """Return the schema as it stands in questionnaires/schema.json."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


@questionnaires.command()
@click.argument("key")
@click.option("--format", "fmt", type=click.Choice(["html", "docx", "pdf"]), default="html")
@click.option("--output", type=files.NEW_FILE, help="A file instead of the screen.")
@_root
def show(key: str, fmt: str, output: Path | None, root: Path) -> None:
    """Print the paper version of the questionnaire KEY (its newest version)."""
    document = questionnaire_document.render(_newest(key, _known(root)), fmt)
    if output is None:
        sys.stdout.buffer.write(document)
    else:
        files.write(output, document)
        click.echo(f"Wrote {output}.")


@questionnaires.command()
@click.argument("keys", nargs=-1, metavar="[KEY]…")
@by
@_root
def publish(keys: tuple[str, ...], by: str | None, root: Path) -> None:
    """Publish the newest version of the questionnaires KEY, or of all: rounds opened from now on ask it.

    What was published stays as it is for ever; changed content needs a new number.
    """
    known = _known(root)
    found = [_newest(key, known) for key in keys or known]
    with work(by, Act.PUBLISH_QUESTIONNAIRE) as (session, who):
        for questionnaire in found:
            publishing.publish_version(session, questionnaire, who)
    for questionnaire in found:
        click.echo(f"Version {questionnaire.version} of “{questionnaire.key}” is published.")


def _known(root: Path) -> dict[str, Questionnaire]:
    """The newest version of each questionnaire by its key. Ends the command if any file has a fault."""
    try:
        return loader.load_all(root)
    except DefinitionErrors as refused:
        click.echo(str(refused), err=True)
        sys.exit(FAULTY)


def _newest(key: str, known: dict[str, Questionnaire]) -> Questionnaire:
    """The questionnaire with this key. Ends the command if there is none."""
    if key not in known:
        raise click.UsageError(
            f"There is no questionnaire {key}{suggestion(key, known)}. There are: {', '.join(known)}."
        )
    return known[key]
