"""Which submissions count: as evidence, in counts and in documents. One rule, asked by all of them.

It is the rule of ``app.standing`` for those who answered: sent before the cut-off, not withdrawn, of a
respondent that is asked and was not set aside. A draft is no submission, so it never counts.
"""

from sqlalchemy import ColumnElement, Exists, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.orm.util import AliasedClass

from app.models import Outcome, Response, Round, RoundParticipant, Submission

SET_ASIDE = (Outcome.NOT_ELIGIBLE, Outcome.DUPLICATE)
"""Outcomes that leave the base of a response rate, with whatever was submitted."""

_OF, _IN, _ASKED = aliased(Response), aliased(Round), aliased(RoundParticipant)


def counts() -> ColumnElement[bool]:
    """Whether the submission of the statement counts; of several of one response the latest is read."""
    return and_(
        Submission.withdrawn_at.is_(None),
        in_time(Submission),
        _of_who_counts(Submission.response_id),
    )


def in_time(submission: type[Submission] | AliasedClass[Submission]) -> ColumnElement[bool]:
    """Whether it came before the round's cut-off: the one that was made, else the one that is planned."""
    cut_off = func.coalesce(_IN.cut_off_at, _IN.cutoff_at)
    after = (
        select(_OF.id)
        .join(_IN, _IN.id == _OF.round_id)
        .where(_OF.id == submission.response_id, submission.at > cut_off)
    )
    return ~after.correlate(submission).exists()


def replaced() -> Exists:
    """Whether a later submission of the same response stands, and counts."""
    later = aliased(Submission)
    return exists().where(
        later.response_id == Submission.response_id,
        later.withdrawn_at.is_(None),
        later.number > Submission.number,
        in_time(later),
    )


def answered() -> ColumnElement[bool]:
    """Whether the response of the statement has a submission that counts."""
    return (
        select(Submission.id)
        .where(Submission.response_id == Response.id, counts())
        .correlate(Response)
        .exists()
    )


def set_aside(response_id: InstrumentedAttribute[object]) -> ColumnElement[bool]:
    """Whether the response is not eligible, or a duplicate."""
    return (
        select(_OF.id).where(_OF.id == response_id, _OF.outcome.in_(SET_ASIDE)).correlate_except(_OF).exists()
    )


def _of_who_counts(response_id: InstrumentedAttribute[object]) -> ColumnElement[bool]:
    withdrawn = (
        select(_OF.id)
        .join(_ASKED, and_(_ASKED.round_id == _OF.round_id, _ASKED.organisation_id == _OF.organisation_id))
        .where(_OF.id == response_id, _ASKED.withdrawn_at.is_not(None))
        .correlate_except(_OF, _ASKED)
    )
    return and_(~withdrawn.exists(), ~set_aside(response_id))
