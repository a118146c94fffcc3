"""The documented, stable JSON form of a summary: what leaves the house as data."""

from datetime import datetime
from typing import Any

from app.findings.summary import Citation, Section, Statement, Summary

AUDIENCES = ("state", "iscm", "igo")


def summary_json(summary: Summary, compiled_at: datetime) -> dict[str, Any]:
    """Return the summary as plain JSON data.

    Exactly the keys `round, iscm, compiled_at, counts, coverage, sections, gaps`; an `invited` that nobody
    recorded is
    null. Citations of answers that are not by name have neither respondent nor revision.
    """
    return {
        "round": summary.round_code,
        "iscm": summary.iscm,
        "compiled_at": compiled_at.isoformat(),
        "counts": {audience: _count(summary, audience) for audience in AUDIENCES},
        "coverage": {
            "members": summary.coverage.members,
            "members_answered": summary.coverage.members_answered,
        },
        "sections": [_section(section) for section in summary.sections],
        "gaps": list(summary.gaps),
    }


def _count(summary: Summary, audience: str) -> dict[str, int | None]:
    count = summary.counts.get(audience)
    return {"invited": count.invited if count else None, "answered": count.answered if count else 0}


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "statements": [_statement(statement) for statement in section.statements],
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "key": statement.key,
        "text": statement.text,
        "citations": [_citation(citation) for citation in statement.citations],
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "role": citation.role.value,
        "respondent": citation.respondent,
        "concept": citation.concept,
        "question": citation.question,
        "revision": citation.revision,
    }
