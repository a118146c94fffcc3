"""Every questionnaire with its versions; one version in full, on the screen and on paper."""

from dataclasses import dataclass

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.definitions.faults import Fault
from app.definitions.shelf import Lying
from app.exports import questionnaire_document
from app.models import Audience
from app.policy import Act, can
from app.queries import pilots, questionnaires
from app.queries.questionnaires import Published
from app.web.access import actor, requires
from app.web.questionnaires.blueprint import blueprint
from app.web.questionnaires.chosen import Chosen, chosen, find, here
from app.web.questionnaires.saying import coverage, sections
from app.web.staff import words
from app.web.transactions import session

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class Listed:
    """One questionnaire: what was published of it, the files that are not, and those with faults."""

    key: str
    audience: str
    title: str
    published: list[Published]
    files: list[Lying]
    faulty: list[Lying]
    changed: list[Lying]
    """Files with the number of a published version and other content."""


@blueprint.get("")
@requires(Act.READ_QUESTIONNAIRES)
def overview() -> ResponseReturnValue:
    """Each questionnaire with its versions, what lies there, and every fault of a file."""
    lying, published = here(), questionnaires.published(session())
    keys = sorted({each.key for each in published} | {each.key for each in lying.files}, key=_order)
    listed = [_listed(key, published, [each for each in lying.files if each.key == key]) for key in keys]
    return render_template(
        "questionnaires/overview.html",
        listed=listed,
        faults=_by_file(list(lying.faults)),
        pilots=pilots.all_of(session()),
        may_publish=can(actor(), Act.PUBLISH_QUESTIONNAIRE),
        may_pilot=can(actor(), Act.PILOT_QUESTIONNAIRE),
        audience_names=words.audience_names(),
        now=clock.now(),
    )


def _order(key: str) -> tuple[int, str]:
    usual = ("state", "iscm", "igo")
    return (usual.index(key) if key in usual else len(usual), key)


def _listed(key: str, published: list[Published], files: list[Lying]) -> Listed:
    own = [each for each in published if each.key == key]
    by_number = {each.number: each.digest for each in own}
    readable = [(each, each.questionnaire) for each in files if each.questionnaire is not None]
    newest = max((found for _file, found in readable), key=lambda one: one.version, default=None)
    audience = own[0].audience.value if own else newest.audience if newest else ""
    first = find(key, str(own[0].number)) if own else None
    title = first.questionnaire.title if first else newest.title if newest else key
    return Listed(
        key,
        audience,
        str(title),
        own,
        [each for each, _found in readable if each.number not in by_number],
        [each for each in files if each.faults],
        [
            each
            for each, found in readable
            if each.number in by_number and found.digest() != by_number[each.number]
        ],
    )


def _by_file(faults: list[Fault]) -> list[Fault]:
    return sorted(faults)


@blueprint.get("/<key>/<which>")
@requires(Act.READ_QUESTIONNAIRES)
def version(key: str, which: str) -> ResponseReturnValue:
    """One version: every section, question, option, rule and concept, and how far it is translated."""
    found = chosen(key, which)
    return render_template(
        "questionnaires/version.html",
        found=found,
        sections=sections(found.questionnaire),
        coverage=coverage(found.questionnaire),
        others=others(found),
        audience=words.audience_names()[Audience(found.questionnaire.audience)],
        published=_published(found),
        may_publish=can(actor(), Act.PUBLISH_QUESTIONNAIRE) and found.file is not None,
        may_pilot=can(actor(), Act.PILOT_QUESTIONNAIRE),
        notes=found.file.notes if found.file else (),
    )


def _published(found: Chosen) -> Published | None:
    if found.row is None:
        return None
    return next(each for each in questionnaires.published(session()) if each.id == found.row.id)


def others(found: Chosen) -> list[tuple[str, str]]:
    """What it can be compared with, as (which, name): published versions and files, the newest first."""
    published = [each for each in questionnaires.published(session()) if each.key == found.key]
    digests = {each.digest for each in published}
    choices = [str(each.number) for each in published]
    choices += [
        each.name
        for each in reversed(here().files)
        if each.key == found.key and each.questionnaire and each.questionnaire.digest() not in digests
    ]
    known = [find(found.key, which) for which in choices if which != found.which]
    return [(each.which, each.name) for each in known if each is not None]


@blueprint.get("/<key>/<which>/paper.<format>")
@requires(Act.READ_QUESTIONNAIRES)
def paper(key: str, which: str, format: str) -> ResponseReturnValue:
    """The version on paper."""
    found = chosen(key, which)
    if format not in MEDIA:
        abort(404)
    content = questionnaire_document.render(found.questionnaire, format)
    name = f"{key}-v{found.questionnaire.version}.{format}"
    return Response(
        content,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
        content_type=MEDIA[format],
    )
