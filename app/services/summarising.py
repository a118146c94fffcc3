"""Compiling the summary of a mechanism, and keeping what was compiled."""

import hashlib
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.findings.compiler import compile_summary
from app.findings.evidence import Setting
from app.findings.plan import Plan, load_plan
from app.findings.stable import summary_json
from app.findings.summary import Summary
from app.models import CompiledSummary, Organisation, Round
from app.policy import Act, Actor, can
from app.queries import evidence
from app.services import auditing
from app.services.errors import NotAllowed

QUESTIONNAIRES = Path(__file__).parents[2] / "questionnaires"
PLAN = "findings/iscm.yaml"


@cache
def plan() -> Plan:
    """Return the plan of the summaries, read once in a process. Raises DefinitionErrors."""
    return load_plan(QUESTIONNAIRES / PLAN, QUESTIONNAIRES)


def current(session: Session, round_: Round, iscm: Organisation) -> tuple[Summary, Setting]:
    """Return the summary as it reads now, and the setting that its documents need.

    Compiled afresh from what is in force, so that an attribution that was tightened counts at once. Writes
    nothing.
    """
    found = evidence.about(session, round_, iscm)
    return compile_summary(plan(), found), found.setting


def compile(session: Session, round_: Round, iscm: Organisation, by: Actor, now: datetime) -> CompiledSummary:
    """Compile the summary and keep it in the place of the one before. Raises NotAllowed.

    What is kept is the stable form: it holds nothing that may not leave the house.
    """
    if not can(by, Act.COMPILE_FINDINGS):
        raise NotAllowed
    summary, _ = current(session, round_, iscm)
    content = summary_json(summary, now)
    kept = session.scalar(
        select(CompiledSummary).where(
            CompiledSummary.round_id == round_.id,
            CompiledSummary.iscm_id == iscm.id,
            CompiledSummary.locale == summary.locale,
        )
    )
    if kept is None:
        kept = CompiledSummary(id=uuid4(), round_id=round_.id, iscm_id=iscm.id, locale=summary.locale)
        session.add(kept)
    kept.content, kept.digest, kept.compiled_at = content, digest(content), now
    kept.compiled_by_id = by.user_id
    statements = sum(len(section["statements"]) for section in content["sections"])
    detail = {"round": round_.code, "iscm": iscm.code, "statements": statements, "digest": kept.digest}
    auditing.record(session, by, "compiled_summary", kept, detail, at=now)
    return kept


def digest(content: dict[str, Any]) -> str:
    """Return the digest of a summary's stable form, whenever it was compiled."""
    same = {key: value for key, value in content.items() if key != "compiled_at"}
    return hashlib.sha256(json.dumps(same, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
