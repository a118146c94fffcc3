"""Checking everything that is answered: before submission with links that change it, afterwards to read."""

from collections import Counter
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.definitions import completeness
from app.definitions.completeness import Lack
from app.i18n import _
from app.models import Attribution
from app.policy import Act
from app.web import access
from app.web.respond import moving
from app.web.respond.blueprint import blueprint
from app.web.respond.clearance import cleared
from app.web.respond.lateness import notice
from app.web.respond.overview import groups_of
from app.web.respond.quoting import quotable
from app.web.respond.said import Part, parts
from app.web.respond.sheet import Sheet, facts, sheet
from app.web.respond.since_submission import since_submission

STATEMENT = "statement"


@blueprint.get("/check")
@access.requires(Act.READ_RESPONSE, facts)
def check(response_id: UUID) -> ResponseReturnValue:
    """Every answer in words, and the way to submit them."""
    return draw(sheet(response_id), [])


def draw(found: Sheet, errors: list[tuple[str, str]]) -> str:
    """The page, with what stands in the way of submitting."""
    said = parts(found, changing=found.editable)
    rows = [task.progress for group in groups_of(found) for task in group.tasks]
    lacks = completeness.lacking(found.path, found.plain_answers, found.register) if found.editable else []
    return render_template(
        "respond/check.html",
        clearing=cleared(found) if found.editable and found.is_own and not found.part else None,
        since=since_submission(found),
        sheet=found,
        notice=notice(found),
        zone=found.zone,
        parts=said,
        changing=found.editable,
        asked=sum(row.asked for row in rows),
        answered=sum(row.answered for row in rows),
        quoted=_quoted(found, said),
        quotable=quotable(found),
        lacks=[_lack(found, lack) for lack in lacks],
        errors=errors,
        has_errors=bool(errors),
        statement=statement(found),
    )


def statement(found: Sheet) -> str:
    """What the focal point says by submitting."""
    return _(
        "I submit these answers on behalf of %(organisation)s and am authorized to do so.",
        organisation=found.respondent,
    )


def _quoted(found: Sheet, said: list[Part]) -> list[tuple[str, int]]:
    counts: Counter[Attribution] = Counter()
    for part in said:
        for one in part.answers:
            counts.update(one.quoted)
    choices = quotable(found)
    return [(choices[choice].inline, counts[choice]) for choice in choices if counts[choice]]


def _lack(found: Sheet, lack: Lack) -> tuple[str, str]:
    """What is missing or wrong: where it is put right, and what to do."""
    block = lack.block if isinstance(lack.block, UUID) else None
    question = found.questionnaire.find(_group(found, lack), lack.question_key)
    label = found.words(question.name, block)
    about = found.subject_short(block) if block else ""
    where = f"{about}, {label}" if about else label
    url = moving.page_url(found, lack.section, lack.page, block, **{"from": "check", "look": "1"})
    return url, f"{where}: {lack.sentence[:1].lower()}{lack.sentence[1:]}"


def _group(found: Sheet, lack: Lack) -> str | None:
    block = found.blocks.get(lack.instance) if isinstance(lack.instance, UUID) else None
    return block.group_key if block else None


@blueprint.get("/print")
@access.requires(Act.READ_RESPONSE, facts)
def printed(response_id: UUID) -> ResponseReturnValue:
    """What is answered, to read on one page and to print."""
    found = sheet(response_id)
    said = parts(found, changing=False)
    rows = [task.progress for group in groups_of(found) for task in group.tasks]
    return render_template(
        "print/answers.html",
        changing=False,
        sheet=found,
        zone=found.zone,
        parts=said,
        asked=sum(row.asked for row in rows),
        answered=sum(row.answered for row in rows),
        quoted=_quoted(found, said),
        quotable=quotable(found),
        back=url_for("respond.overview", response_id=found.id),
    )
