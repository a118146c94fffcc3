"""Publishing the summary of a mechanism: an edition is kept as it was published and never changed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from app.findings.evidence import Role
from app.i18n import _
from app.models import Organisation, PublishedSummary, Round
from app.policy import Act, Actor, can
from app.queries import editions
from app.services import auditing, summarising
from app.services.errors import AlreadyThere, NotAllowed, NotPossible, translating

LOCALE = "en"
ANSWERED = frozenset({Role.STATE.value, Role.ISCM.value, Role.IGO.value})


def publish(
    session: Session, round_: Round, iscm: Organisation, content: Mapping[str, Any], by: Actor, now: datetime
) -> PublishedSummary:
    """Keep the content as the next edition; the latest one if it says the same.

    Raises NotAllowed, NotPossible if there is nothing to publish, AlreadyThere if somebody else was faster.
    """
    if not can(by, Act.PUBLISH_FINDINGS):
        raise NotAllowed
    if round_.pilots_version_id is not None:
        raise NotPossible(_("A pilot never counts, so nothing of it is published."))
    summary = content["summary"]
    if not _rests_on_answers(summary):
        raise NotPossible(_("No answer leads to a sentence, so there is nothing to publish."))
    before = next(iter(editions.of_mechanism(session, round_.id, iscm.id)), None)
    if before is not None and summarising.digest(before.content["summary"]) == summarising.digest(summary):
        return before
    edition = PublishedSummary(
        id=uuid4(),
        round_id=round_.id,
        iscm_id=iscm.id,
        locale=LOCALE,
        edition=before.edition + 1 if before else 1,
        content=dict(content),
        digest=digest(content),
        published_at=now,
        published_by_id=by.user_id,
    )
    session.add(edition)
    faster = AlreadyThere(_("Somebody else has just published this summary. Look at that edition first."))
    with translating({"uq_published_summary_round_id_iscm_id_locale_edition": faster}):
        session.flush()  # a second one of the same number is refused here, where it can be said why
    detail = {"round": round_.code, "iscm": iscm.code, "edition": edition.edition, "digest": edition.digest}
    auditing.record(session, by, "published_summary", edition, detail, at=now)
    return edition


def _rests_on_answers(summary: Mapping[str, Any]) -> bool:
    """Whether a sentence cites what somebody answered, not only the register and counts."""
    return any(
        citation["role"] in ANSWERED
        for section in summary["sections"]
        for statement in section["statements"]
        for citation in statement["citations"]
    )


def digest(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the content: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
