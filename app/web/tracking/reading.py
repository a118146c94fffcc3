"""What is counted of answers: how far drafts are, and item response; numbers of questions, never words."""

from collections.abc import Collection, Mapping
from uuid import UUID

from flask import abort
from flask_babel import get_locale

from app.queries import given_answers
from app.standing import Standing
from app.tracking.items import Item, Progress, how_far, items
from app.tracking.model import Respondent
from app.tracking.selecting import Group, Selection, select
from app.web.tracking.allowed import sees_single_answers
from app.web.tracking.looking import Looked
from app.web.transactions import session

DRAFTS = frozenset({Standing.IN_PROGRESS, Standing.IN_CLEARANCE, Standing.NOT_SUBMITTED})


def progress_of(looked: Looked, listed: Collection[Respondent]) -> Mapping[UUID, Progress]:
    """How far the drafts of those who are listed are: numbers of questions, nothing that stands in them."""
    wanted = [each.response_id for each in listed if looked.tracking.of(each) in DRAFTS]
    given = given_answers.drafts(session(), looked.round, wanted, looked.asked.at)
    return {each.response_id: how_far(each) for each in given}


def items_of(looked: Looked) -> list[Item]:
    """Every question of the answers that count, for who may read single answers."""
    if not sees_single_answers():
        abort(404)
    answered = select(looked.tracking, Selection(stands=Group.ANSWERED.value))
    given = given_answers.submitted(
        session(),
        looked.round,
        {each.response_id for each in answered},
        looked.asked.at,
        looked.tracking.round.cut_off_at,
    )
    return items(given, str(get_locale()))
