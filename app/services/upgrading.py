"""Moving a running round to another version of a questionnaire, as far as the differences allow.

Wording and widening move every response in one act. Narrowing moves only what has not been submitted; what
was submitted stays as it was answered until it is reopened. What gives a key another meaning is refused.
Nothing is deleted: an answer whose question is gone is kept, and stands again if the response moves back.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from app.definitions import comparing, completeness, routing
from app.definitions.comparing import Difference, Kind
from app.definitions.schema import Questionnaire
from app.i18n import _
from app.models import QuestionnaireVersion, Response, ResponseStatus, Round
from app.policy import Act, Actor, can
from app.queries import definitions, questionnaires
from app.queries.questionnaires import Given, Respondent
from app.services import auditing
from app.services.errors import NotAllowed, NotPossible, Overtaken

UNSENT = (ResponseStatus.INVITED, ResponseStatus.IN_PROGRESS, ResponseStatus.REOPENED)
"""What has not been submitted, or is open again: what a narrowing may be applied to."""


@dataclass(frozen=True)
class Affected:
    """One response, the class of what would change for it, whether it moves, and what that does to its
    answers: how many are asked no more (``off``), fit no longer (``unfit``), and how many are newly needed
    before it can be submitted (``needed``). Counts only: what was answered is nobody's to see yet.
    """

    respondent: Respondent
    kind: Kind | None
    moves: bool
    off: int = 0
    unfit: int = 0
    needed: int = 0

    @property
    def loses(self) -> bool:
        """Whether something that was answered does not stand any more as it was."""
        return bool(self.off or self.unfit or self.needed)


@dataclass(frozen=True)
class Move:
    """What moving a round to a version would do."""

    round: Round
    version: QuestionnaireVersion
    differences: Mapping[int, Sequence[Difference]]
    """By the number of the version from which responses would move."""
    affected: Sequence[Affected]

    @property
    def kind(self) -> Kind | None:
        """The strictest class of all that would change."""
        return comparing.strictest(each for found in self.differences.values() for each in found)

    @property
    def moving(self) -> list[Affected]:
        """The responses that would move."""
        return [each for each in self.affected if each.moves]

    @property
    def staying(self) -> list[Affected]:
        """Those that would stay with the version they answered."""
        return [each for each in self.affected if not each.moves]

    @property
    def mark(self) -> str:
        """By what it is told whether the same would still happen."""
        rows = sorted(f"{each.respondent.response_id}:{each.respondent.number}" for each in self.moving)
        return hashlib.sha256("\n".join([str(self.version.id), *rows]).encode()).hexdigest()


def plan(session: Session, round_: Round, version: QuestionnaireVersion) -> Move:
    """What moving the round to this version would do; nothing is changed.

    Raises NotPossible if the round does not ask this questionnaire or is not open.
    """
    if round_.opened_at is None or round_.closed_at is not None:
        raise NotPossible(_("The round is not open."))
    everybody = questionnaires.respondents(session, round_.id, version.questionnaire_key)
    if not everybody:
        raise NotPossible(_("The round does not ask this questionnaire."))
    wanted = definitions.of(session, version.id)
    others = [each for each in everybody if each.version_id != version.id]
    before = {each.version_id: (each.number, definitions.of(session, each.version_id)) for each in others}
    found = {id_: comparing.compare(old, wanted) for id_, (_number, old) in before.items()}
    given = questionnaires.given(session, [each.response_id for each in others])
    affected = [
        _affected(each, found[each.version_id], before[each.version_id][1], wanted, given[each.response_id])
        for each in others
    ]
    numbered = {before[id_][0]: differences for id_, differences in found.items()}
    return Move(round_, version, dict(sorted(numbered.items())), affected)


def _affected(
    respondent: Respondent,
    differences: Sequence[Difference],
    old: Questionnaire,
    new: Questionnaire,
    given: Given,
) -> Affected:
    kind = comparing.strictest(differences)
    moves = kind != "forbidden" and (kind != "narrowing" or respondent.status in UNSENT)
    return Affected(respondent, kind, moves, *(_counted(old, new, given) if moves else ()))


def _counted(old: Questionnaire, new: Questionnaire, given: Given) -> tuple[int, int, int]:
    """How many answers are asked no more, fit no longer, and are newly needed."""
    answers = cast("routing.Answers", given.answers)
    instances = [
        routing.Instance(id_, group, parent, str(subject) if subject else None)
        for id_, group, parent, subject in given.instances
    ]
    stood, stands = (_counting(each, answers, instances) for each in (old, new))
    lacks = [set(completeness.missing(each, answers, instances)) for each in (old, new)]
    wrong = [
        {(one.instance, one.question_key, one.item) for one in found if not one.empty} for found in lacks
    ]
    empty = [{(one.instance, one.question_key, one.item) for one in found if one.empty} for found in lacks]
    return len(stood - stands), len((wrong[1] - wrong[0]) & stands), len(empty[1] - empty[0])


def _counting(
    questionnaire: Questionnaire, answers: routing.Answers, instances: Sequence[routing.Instance]
) -> set[tuple[Any, str, str]]:
    path = routing.path(questionnaire, answers, instances)
    return {(instance, key, item) for instance, key, item, _value in path.answers()}


def move(
    session: Session, round_: Round, version: QuestionnaireVersion, mark: str | None, by: Actor, now: datetime
) -> Move:
    """Move every response that may, in one act, and say what was moved.

    ``mark`` is that of the plan that somebody looked at, None to take it as it is. Raises NotAllowed,
    NotPossible where the differences forbid it or nothing would move, Overtaken if something else would
    happen now than was looked at.
    """
    if not can(by, Act.MANAGE_ROUNDS):
        raise NotAllowed
    wanted = plan(session, round_, version)
    if wanted.kind == "forbidden":
        raise NotPossible(
            _("A key means something else in this version. It can only be asked in a new round.")
        )
    if not wanted.moving:
        raise NotPossible(_("No response would move."))
    if mark is not None and mark != wanted.mark:
        raise Overtaken
    for each in wanted.moving:
        _repin(session, each, version, by, now)
    detail = {
        "to": version.number,
        "questionnaire": version.questionnaire_key,
        "class": wanted.kind,
        "from": dict(sorted(Counter(str(each.respondent.number) for each in wanted.moving).items())),
        "staying": len(wanted.staying),
    }
    auditing.record(session, by, "moved_round", round_, detail, at=now)
    return wanted


def _repin(session: Session, each: Affected, version: QuestionnaireVersion, by: Actor, now: datetime) -> None:
    """Give one response the version. Raises Overtaken if it was submitted or moved in this moment."""
    statement = update(Response).where(
        Response.id == each.respondent.response_id,
        Response.questionnaire_version_id == each.respondent.version_id,
    )
    if each.kind == "narrowing":
        statement = statement.where(Response.status.in_(UNSENT))
    done = session.execute(
        statement.values(questionnaire_version_id=version.id).execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise Overtaken
    response = session.get_one(Response, each.respondent.response_id, populate_existing=True)
    detail = {"from": each.respondent.number, "to": version.number, "class": each.kind}
    auditing.record(session, by, "moved_to_version", response, detail, at=now)
