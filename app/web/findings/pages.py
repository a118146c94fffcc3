"""Reading, compiling and exporting the summary of a mechanism."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.exports import summary_document
from app.findings.compiler import compile_summary
from app.findings.evidence import Role
from app.findings.summary import Summary
from app.i18n import _, ngettext
from app.models import Organisation, ResponseStatus, Round
from app.policy import Act, Attribution, can
from app.queries import evidence, round_overview
from app.queries.round_overview import MechanismRow
from app.services import auditing, summarising
from app.web.access import actor, requires
from app.web.findings.workbench import workbench
from app.web.staff.standings import outcome_names
from app.web.transactions import commit, session

blueprint = Blueprint("findings", __name__)

FORMATS = {
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": ("PDF", "application/pdf"),
    "html": ("HTML", "text/html; charset=utf-8"),
    "json": ("JSON", "application/json"),
}


@dataclass(frozen=True)
class _Subject:
    """The round and the mechanism that an address names."""

    round: Round
    iscm: Organisation


def _round(code: str) -> Round:
    found = round_overview.round_by_code(session(), code)
    if found is None:
        abort(404)
    return found


def _subject(round_code: str, iscm_code: str) -> _Subject:
    round_ = _round(round_code)
    iscm = round_overview.mechanism_of(session(), round_, iscm_code)
    if iscm is None:
        abort(404)
    return _Subject(round_, iscm)


@blueprint.get("/findings")
@requires(Act.READ_FINDINGS)
def rounds() -> ResponseReturnValue:
    """The rounds, to choose one."""
    return render_template("findings/rounds.html", rounds=round_overview.all_rounds(session()))


@blueprint.get("/findings/<round_code>")
@requires(Act.READ_FINDINGS)
def mechanisms(round_code: str) -> ResponseReturnValue:
    """The mechanisms of a round: those with answers, and those without."""
    round_ = _round(round_code)
    rows = round_overview.mechanisms(session(), round_)
    return render_template(
        "findings/mechanisms.html",
        round=round_,
        rows=[row for row in rows if row.has_answers],
        silent=[row for row in rows if not row.has_answers],
        own={row.code: _own(row, closed=round_.closed_at is not None) for row in rows},
    )


def _own(row: MechanismRow, *, closed: bool) -> tuple[str, str]:
    """The tag for a mechanism's own answer; how far a draft is stays its own affair."""
    if row.own_status is None:
        return ("neutral", _("Not asked"))
    if row.own_outcome is not None:
        return ("neutral", outcome_names()[row.own_outcome])
    if row.own_status is ResponseStatus.IN_PROGRESS and closed:
        return ("neutral", _("Not submitted"))
    return {
        ResponseStatus.INVITED: ("open", _("Not started")),
        ResponseStatus.IN_PROGRESS: ("under-way", _("In progress")),
        ResponseStatus.SUBMITTED: ("done", _("Submitted")),
        ResponseStatus.REOPENED: ("look", _("Reopened")),
    }[row.own_status]


@blueprint.get("/findings/<round_code>/<iscm_code>")
@requires(Act.READ_FINDINGS)
def summary(round_code: str, iscm_code: str) -> ResponseReturnValue:
    """The summary as it reads now, each statement with its sources, and what is missing beside it."""
    subject = _subject(round_code, iscm_code)
    found = evidence.about(session(), subject.round, subject.iscm)
    compiled = compile_summary(summarising.plan(), found)
    return render_template(
        "findings/workbench.html",
        round=subject.round,
        iscm=found.setting.iscm,
        bench=workbench(compiled, found, actor()),
        compiled_at=round_overview.compiled_at(session(), subject.round, subject.iscm),
        coverage=_coverage(compiled),
        formats=[(key, name) for key, (name, _media) in FORMATS.items()],
        may_compile=can(actor(), Act.COMPILE_FINDINGS),
        may_export=can(actor(), Act.EXPORT_FINDINGS),
        may_publish=can(actor(), Act.PUBLISH_FINDINGS),
        attribution_names=_attribution_names(),
        source_words=_source_words(),
    )


def _source_words() -> dict[Role, str]:
    """What a source is that is no answer."""
    return {
        Role.REGISTER: _("From the register, as it stood when the round was opened."),
        Role.COUNT: _(
            "Counted when the summary was compiled, from the answers submitted and those recorded."
        ),
    }


def _coverage(compiled: Summary) -> str:
    members, answered = compiled.coverage.members, compiled.coverage.members_answered
    if answered is None:
        return _("Too few answers to give their number without naming one.")
    if members is None:
        return ngettext(
            "%(num)s member answered about it. How many members it had is not known.",
            "%(num)s members answered about it. How many members it had is not known.",
            answered,
        )
    return _("%(n)s of %(all)s members answered about it.", n=answered, all=members)


def _attribution_names() -> dict[Attribution, str]:
    return {
        Attribution.BY_NAME: _("By name"),
        Attribution.UNNAMED: _("Not by name"),
        Attribution.BACKGROUND: _("Background"),
        Attribution.NOT_FOR_PUBLICATION: _("Not for publication"),
    }


@blueprint.post("/findings/<round_code>/<iscm_code>/compile")
@requires(Act.COMPILE_FINDINGS)
def compile_again(round_code: str, iscm_code: str) -> ResponseReturnValue:
    """Compiles the summary from the answers in force and keeps it."""
    subject = _subject(round_code, iscm_code)
    summarising.compile(session(), subject.round, subject.iscm, by=actor(), now=clock.now())
    commit()
    return redirect(url_for("findings.summary", round_code=round_code, iscm_code=iscm_code))


@blueprint.post("/findings/<round_code>/<iscm_code>/export")
@requires(Act.EXPORT_FINDINGS)
def export(round_code: str, iscm_code: str) -> ResponseReturnValue:
    """The summary as a file; that somebody took it is written down."""
    subject, format_ = _subject(round_code, iscm_code), request.form.get("format", "")
    if format_ not in FORMATS:
        abort(404)
    now = clock.now()
    compiled, setting = summarising.current(session(), subject.round, subject.iscm)
    content = summary_document.render(compiled, setting, format_, now)
    detail = {"round": round_code, "format": format_}
    auditing.record(session(), actor(), "exported_findings", subject.iscm, detail, at=now)
    commit()
    name = f"{iscm_code}-{round_code}-summary.{format_}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, content_type=FORMATS[format_][1])
