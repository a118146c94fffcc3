"""Requests that staff decide: more time, and an amendment of what was submitted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import RequestDecision, Response, ResponseStatus, Round, Thread, ThreadKind
from app.policy import Act, Actor, can
from app.queries import responses, threads
from app.services import auditing, conversing, submitting
from app.services.conversing import About
from app.services.errors import NotAllowed, NotFound, NotPossible
from app.templating import moment
from app.window import takes_answers


def request_more_time(
    session: Session,
    response_id: UUID,
    until: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
    key: str,
) -> Thread:
    """Ask IOM to take the answers until a later moment.

    Raises NotFound, NotAllowed, NotPossible where there is nothing to extend, or not until then.
    """
    response = _taken(session, response_id, actor, now)
    before = conversing.sent_before(session, response, actor, key)
    if before is not None:
        return before
    check_end(session, response, until, now)
    body = conversing.words_of(reason, _("Say why you need more time"))
    _only_one(session, response_id, ThreadKind.EXTENSION)
    return conversing.begin(
        session, response, ThreadKind.EXTENSION, About(), body, actor, now, key, wanted_until=until
    )


def check_end(session: Session, response: Response, until: datetime, now: datetime) -> None:
    """That the answers could be taken until then. Raises NotPossible."""
    if response.status is ResponseStatus.SUBMITTED or response.outcome is not None:
        raise NotPossible(_("These answers are not being written, so there is no time to extend."))
    _check_end(session.get_one(Round, response.round_id), response, until, now)


def extend(
    session: Session, response_id: UUID, until: datetime, reason: str, actor: Actor, now: datetime
) -> Response:
    """Give one respondent more time without having been asked, with a reason.

    Raises NotFound, NotAllowed, NotPossible where there is nothing to extend, or not until then.
    """
    if not can(actor, Act.DECIDE_REQUESTS):
        raise NotAllowed
    response = conversing.taken(session, response_id)
    check_end(session, response, until, now)
    why = conversing.words_of(reason, _("Say why there is more time"))
    _extend(session, response, until, actor, now, why)
    return response


def request_reopening(
    session: Session, response_id: UUID, reason: str, actor: Actor, now: datetime, key: str
) -> Thread:
    """Ask IOM to open submitted answers for an amendment. Raises NotFound, NotAllowed, NotPossible."""
    response = _taken(session, response_id, actor, now)
    before = conversing.sent_before(session, response, actor, key)
    if before is not None:
        return before
    if response.status is not ResponseStatus.SUBMITTED:
        raise NotPossible(_("Only submitted answers can be reopened."))
    body = conversing.words_of(reason, _("Say what has to be amended, and why"))
    _only_one(session, response_id, ThreadKind.REOPENING)
    return conversing.begin(session, response, ThreadKind.REOPENING, About(), body, actor, now, key)


def decide(
    session: Session,
    thread_id: UUID,
    decision: RequestDecision,
    words: str,
    until: datetime | None,
    actor: Actor,
    now: datetime,
    key: str,
) -> Thread:
    """Grant a request, which does what it asks for, or refuse it with words.

    ``until`` is the end that is granted; for an amendment it is needed once the round takes no answers.
    Raises NotFound, NotAllowed, NotPossible, and ResponseLocked where nothing is submitted any more.
    """
    if not can(actor, Act.DECIDE_REQUESTS):
        raise NotAllowed
    response = conversing.taken(session, conversing.response_of(session, thread_id))
    thread = conversing.thread_of(session, thread_id)
    if thread.kind not in threads.REQUESTS:
        raise NotFound
    if thread.decision is not None or thread.closed_at is not None:
        raise NotPossible(_("This request has been decided or taken back already."))
    round_ = session.get_one(Round, response.round_id)
    said = words.strip()
    if decision is RequestDecision.GRANTED:
        said = _granted(session, thread, response, round_, said, until, actor, now)
    body = conversing.words_of(said, _("Say why it is refused"))
    conversing.add(session, thread, response, body, actor, now, key, by_staff=True)
    thread.decision, thread.decided_at, thread.decided_by_id = decision, now, actor.user_id
    auditing.record(session, actor, "decided_request", thread, {"decision": decision}, at=now)
    conversing.close(session, thread, actor, now)
    return thread


def _granted(
    session: Session,
    thread: Thread,
    response: Response,
    round_: Round,
    words: str,
    until: datetime | None,
    actor: Actor,
    now: datetime,
) -> str:
    """Do what was asked for, and say it."""
    if thread.kind is ThreadKind.EXTENSION:
        end = until or thread.wanted_until
        if end is None:
            raise NotPossible(_("Say until when"))
        if response.status is ResponseStatus.SUBMITTED:
            raise NotPossible(_("The answers have been submitted meanwhile: there is nothing to extend."))
        _check_end(round_, response, end, now)
        _extend(session, response, end, actor, now)
        granted = _("Answers are taken until %(moment)s.", moment=moment(end, round_.zone))
        return f"{granted}\n\n{words}".strip()
    submitting.reopen(session, response.id, _reason(session, thread), actor, now)
    granted = _("The answers are open for an amendment. What was submitted counts until you submit again.")
    if not takes_answers(responses.window(session, response.id), now):
        if until is None or until <= max(now, round_.closes_at):
            raise NotPossible(_("The round is closed. Say until when the amendment is taken"))
        _extend(session, response, until, actor, now)
        granted += " " + _("It is taken until %(moment)s.", moment=moment(until, round_.zone))
    return f"{granted}\n\n{words}".strip()


def _reason(session: Session, thread: Thread) -> str:
    found = threads.one(session, thread.id, internal=False)
    return found.comments[0].body if found and found.comments else ""


def _extend(
    session: Session, response: Response, until: datetime, actor: Actor, now: datetime, reason: str = ""
) -> None:
    before, response.due_at = response.due_at, until
    detail = {"before": before.isoformat() if before else None, "after": until.isoformat()}
    detail |= {"reason": reason} if reason else {}
    auditing.record(session, actor, "extended", response, detail, at=now)
    session.flush()  # whoever asks next in this transaction sees the new end


def _check_end(round_: Round, response: Response, until: datetime, now: datetime) -> None:
    """That the end is later than what holds now, and not beyond the cut-off. Raises NotPossible."""
    due = response.due_at or round_.closes_at
    if until <= due:
        at = moment(due, round_.zone)
        raise NotPossible(_("Answers are taken until %(moment)s anyway. Choose a later time", moment=at))
    if until <= now:
        raise NotPossible(_("This time has passed. Choose a later one"))
    if until <= round_.closes_at:
        at = moment(round_.closes_at, round_.zone)
        raise NotPossible(_("The round closes on %(moment)s. Choose a later time", moment=at))
    cut_off = round_.cut_off_at or round_.cutoff_at
    if cut_off is not None and until > cut_off:
        at = moment(cut_off, round_.zone)
        raise NotPossible(
            _(
                "Answers that come after %(moment)s cannot be analysed any more. Choose that time or an "
                "earlier one",
                moment=at,
            )
        )


def _taken(session: Session, response_id: UUID, actor: Actor, now: datetime) -> Response:
    response = conversing.taken(session, response_id)
    facts = responses.facts(session, response_id, now=now)
    if facts is None:
        raise NotFound
    if not can(actor, Act.REQUEST_CHANGE, facts):
        raise NotAllowed
    return response


def _only_one(session: Session, response_id: UUID, kind: ThreadKind) -> None:
    if threads.undecided(session, response_id, kind) is not None:
        raise NotPossible(
            _("A request waits for IOM’s decision already. Write there if something has changed.")
        )
