"""Who may do and see what: the one place that pages, commands, jobs, exports and the API ask.

Pure: it knows actors and facts about things, and neither the database nor the web. Whatever is not granted
here is refused. A draft belongs to those who write it; staff see it once it has been submitted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID


class StaffRole(StrEnum):
    """What a member of the secretariat's staff may do."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    ANALYST = "analyst"
    VIEWER = "viewer"


class AppointmentRole(StrEnum):
    """What a person does for an organisation that is asked."""

    FOCAL_POINT = "focal_point"
    CONTRIBUTOR = "contributor"
    CLEARING_OFFICER = "clearing_officer"
    OBSERVER = "observer"


class DelegatedRight(StrEnum):
    """What a contributor may do with the part of a response that was given to them."""

    READ = "read"
    WRITE = "write"


class Attribution(StrEnum):
    """How an answer may be used in a document."""

    BY_NAME = "by_name"
    UNNAMED = "unnamed"
    BACKGROUND = "background"
    NOT_FOR_PUBLICATION = "not_for_publication"


ATTRIBUTIONS_OF: dict[str, tuple[Attribution, ...]] = {
    "state": tuple(Attribution),
    "igo": tuple(Attribution),
    "iscm": (Attribution.BY_NAME, Attribution.BACKGROUND, Attribution.NOT_FOR_PUBLICATION),
}

_STRICTNESS = {attribution: place for place, attribution in enumerate(Attribution)}


def loosens(before: Attribution, after: Attribution) -> bool:
    """Whether going from one attribution to the other would show more than was agreed to."""
    return _STRICTNESS[after] < _STRICTNESS[before]


def stricter(first: Attribution, second: Attribution) -> Attribution:
    """Whichever of the two shows less."""
    return max(first, second, key=_STRICTNESS.__getitem__)


def in_force(chosen: Iterable[Attribution | None], sent: Attribution | None = None) -> Attribution | None:
    """The attribution that counts: the first one chosen, from the answer outwards (record, block, response).

    ``sent`` is what was in force when the answer was submitted: what was loosened since waits for the
    amendment to be submitted, what was tightened since counts at once. None if nothing has been chosen yet.
    """
    found = next((attribution for attribution in chosen if attribution is not None), None)
    if found is None or sent is None:
        return found
    return stricter(found, sent)


@dataclass(frozen=True)
class Share:
    """What somebody was given of one response: the whole, a section (with every block of it) or one block."""

    response_id: UUID
    section_key: str | None
    instance_id: UUID | None
    right: DelegatedRight

    def covers(self, section_key: str | None, block_id: UUID | None) -> bool:
        """Whether the place belongs to what was given; a place that is not known only to the whole."""
        if self.instance_id is not None:
            return block_id == self.instance_id
        return self.section_key is None or section_key == self.section_key


@dataclass(frozen=True)
class Hat:
    """One appointment in force: for which organisation, as what, and for all mechanisms or one.

    With ``shares`` it is a limited one: its person sees what was given, nothing else of the organisation's.
    """

    organisation_id: UUID
    audience: str
    iscm_id: UUID | None
    role: AppointmentRole
    appointment_id: UUID
    shares: tuple[Share, ...] | None = None

    def shares_of(self, response_id: UUID | None) -> tuple[Share, ...]:
        """What a limited hat was given of one response."""
        return tuple(share for share in self.shares or () if share.response_id == response_id)


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with the hats in force and the one worn now, or the system itself."""

    user_id: UUID | None
    name: str
    staff_role: StaffRole | None = None
    appointments: tuple[Hat, ...] = ()
    hat: Hat | None = None
    system: bool = False


SYSTEM = Actor(user_id=None, name="Rapporteur", system=True)


class Act(StrEnum):
    """Everything that anybody may ask leave for."""

    READ_RESPONSE = "read_response"
    EDIT_RESPONSE = "edit_response"
    CHOOSE_ATTRIBUTION = "choose_attribution"
    SUBMIT_RESPONSE = "submit_response"
    REOPEN_RESPONSE = "reopen_response"
    WITHDRAW_SUBMISSION = "withdraw_submission"
    ASK_CLEARANCE = "ask_clearance"
    CLEAR_RESPONSE = "clear_response"
    SET_CLEARANCE = "set_clearance"
    MANAGE_TEAM = "manage_team"
    MARK_READY = "mark_ready"
    READ_THREADS = "read_threads"
    ASK_IOM = "ask_iom"
    REQUEST_CHANGE = "request_change"
    ASK_CLARIFICATION = "ask_clarification"
    ANSWER_THREADS = "answer_threads"
    DECIDE_REQUESTS = "decide_requests"
    ENTER_ANSWERS = "enter_answers"
    EXPORT_RESPONSE = "export_response"
    READ_FINDINGS = "read_findings"
    COMPILE_FINDINGS = "compile_findings"
    EXPORT_FINDINGS = "export_findings"
    PUBLISH_FINDINGS = "publish_findings"
    TRANSLATE_ANSWERS = "translate_answers"
    READ_REGISTER = "read_register"
    DECIDE_PROPOSALS = "decide_proposals"
    CHANGE_REGISTER = "change_register"
    READ_ROUNDS = "read_rounds"
    READ_PEOPLE = "read_people"
    MANAGE_CONTACTS = "manage_contacts"
    READ_MAIL = "read_mail"
    SEND_MAIL = "send_mail"
    RECORD_CONTACT = "record_contact"
    CHANGE_OUTCOME = "change_outcome"
    READ_QUESTIONNAIRES = "read_questionnaires"
    PILOT_QUESTIONNAIRE = "pilot_questionnaire"
    MANAGE_ROUNDS = "manage_rounds"
    MANAGE_PEOPLE = "manage_people"
    HAND_OVER = "hand_over"
    PUBLISH_QUESTIONNAIRE = "publish_questionnaire"


@dataclass(frozen=True)
class ResponseFacts:
    """What the policy needs to know of a response, and of the place in it that is in question.

    ``iscm_id`` is the mechanism of the block, ``section_key`` the section, ``block_id`` the block itself; a
    record, an answer or a cell stands where its block or section does. Without section and block the response
    is asked about as such. ``entered`` says that staff hold answers which reached them outside the service,
    and that nobody of the respondent has written any.
    """

    organisation_id: UUID
    audience: str
    status: str
    ever_submitted: bool
    round_open: bool = True
    iscm_id: UUID | None = None
    response_id: UUID | None = None
    section_key: str | None = None
    block_id: UUID | None = None
    entered: bool = False

    @property
    def is_placed(self) -> bool:
        """Whether a place in the response is in question, and not the response as such."""
        return self.section_key is not None or self.block_id is not None


@dataclass(frozen=True)
class AnswerFacts:
    """What the policy needs to know of an answer to say who may see it."""

    organisation_id: UUID
    audience: str
    submitted: bool
    attribution: Attribution | None


_EVERYBODY = frozenset(StaffRole)
_EDITORS = frozenset({StaffRole.ADMINISTRATOR, StaffRole.COORDINATOR, StaffRole.ANALYST})
_COORDINATORS = frozenset({StaffRole.ADMINISTRATOR, StaffRole.COORDINATOR})

_STAFF_ACTS: dict[Act, frozenset[StaffRole]] = {
    Act.READ_RESPONSE: _EDITORS,
    Act.EXPORT_RESPONSE: _EDITORS,
    Act.REOPEN_RESPONSE: _COORDINATORS,
    Act.ASK_CLARIFICATION: _EDITORS,
    Act.ANSWER_THREADS: _EDITORS,
    Act.DECIDE_REQUESTS: _COORDINATORS,
    Act.ENTER_ANSWERS: _COORDINATORS,
    Act.READ_FINDINGS: _EVERYBODY,
    Act.COMPILE_FINDINGS: _EDITORS,
    Act.EXPORT_FINDINGS: _EDITORS,
    Act.PUBLISH_FINDINGS: _COORDINATORS,
    Act.TRANSLATE_ANSWERS: _EDITORS,
    Act.READ_REGISTER: _EVERYBODY,
    Act.DECIDE_PROPOSALS: _COORDINATORS,
    Act.CHANGE_REGISTER: _COORDINATORS,
    Act.READ_ROUNDS: _EVERYBODY,
    Act.READ_PEOPLE: _EDITORS,
    Act.MANAGE_CONTACTS: _COORDINATORS,
    Act.READ_MAIL: _EDITORS,
    Act.SEND_MAIL: _COORDINATORS,
    Act.RECORD_CONTACT: _EDITORS,
    Act.CHANGE_OUTCOME: _COORDINATORS,
    Act.READ_QUESTIONNAIRES: _EVERYBODY,
    Act.PILOT_QUESTIONNAIRE: _EDITORS,
    Act.MANAGE_ROUNDS: _COORDINATORS,
    Act.MANAGE_PEOPLE: frozenset({StaffRole.ADMINISTRATOR}),
    Act.HAND_OVER: _COORDINATORS,
    Act.PUBLISH_QUESTIONNAIRE: _COORDINATORS,
}
"""Which staff role may do what; on a response, only after it was submitted (see ``_staff_may``)."""

_WRITERS = frozenset({AppointmentRole.FOCAL_POINT, AppointmentRole.CONTRIBUTOR})
"""Whoever clears answers reads them and sends them back: the text stays that of who wrote it."""
_SIGNERS = frozenset({AppointmentRole.FOCAL_POINT})
_CLEARERS = frozenset({AppointmentRole.CLEARING_OFFICER})

_RESPONDENT_ACTS: dict[Act, frozenset[AppointmentRole]] = {
    Act.READ_RESPONSE: frozenset(AppointmentRole),
    Act.EXPORT_RESPONSE: frozenset(AppointmentRole),
    Act.EDIT_RESPONSE: _WRITERS,
    Act.CHOOSE_ATTRIBUTION: _SIGNERS,
    Act.SUBMIT_RESPONSE: _SIGNERS,
    Act.REOPEN_RESPONSE: _SIGNERS,
    Act.WITHDRAW_SUBMISSION: _SIGNERS,
    Act.ASK_CLEARANCE: _SIGNERS,
    Act.CLEAR_RESPONSE: _CLEARERS,
    Act.SET_CLEARANCE: _SIGNERS | _CLEARERS,
    Act.MANAGE_TEAM: _SIGNERS,
    Act.ASK_IOM: _WRITERS | _CLEARERS,
    Act.READ_THREADS: frozenset(AppointmentRole),
    Act.REQUEST_CHANGE: _SIGNERS,
}

_NEEDS_SUBMISSION = frozenset(
    {Act.READ_RESPONSE, Act.EXPORT_RESPONSE, Act.REOPEN_RESPONSE, Act.ASK_CLARIFICATION}
)
_WITH_SOURCE = frozenset({Act.READ_RESPONSE, Act.EDIT_RESPONSE, Act.CHOOSE_ATTRIBUTION})
"""What staff who enter received answers do with the same pages as respondents, as long as no draft of the
respondent's own is there.
"""
_WHOLE_RESPONSE = frozenset(
    {
        Act.CHOOSE_ATTRIBUTION,
        Act.SUBMIT_RESPONSE,
        Act.REOPEN_RESPONSE,
        Act.MANAGE_TEAM,
        Act.WITHDRAW_SUBMISSION,
        Act.ASK_CLEARANCE,
        Act.CLEAR_RESPONSE,
        Act.SET_CLEARANCE,
        Act.REQUEST_CHANGE,
    }
)


def can(actor: Actor, act: Act, subject: ResponseFacts | None = None) -> bool:
    """Whether the actor may do this, to this response if one is given."""
    if actor.system:
        return True
    if _staff_may(actor, act, subject):
        return True
    return subject is not None and any(_hat_may(hat, act, subject) for hat in actor.appointments)


def _staff_may(actor: Actor, act: Act, subject: ResponseFacts | None) -> bool:
    if act in _WITH_SOURCE and subject is not None and subject.entered:
        entering = actor.staff_role in _STAFF_ACTS[Act.ENTER_ANSWERS]
        if entering or not subject.ever_submitted:
            return entering
    if actor.staff_role is None or actor.staff_role not in _STAFF_ACTS.get(act, frozenset()):
        return False
    return act not in _NEEDS_SUBMISSION or (subject is not None and subject.ever_submitted)


def _hat_may(hat: Hat, act: Act, subject: ResponseFacts) -> bool:
    if (hat.organisation_id, hat.audience) != (subject.organisation_id, subject.audience):
        return False
    if hat.shares is not None:
        return _limited_may(hat, act, subject)
    if hat.role not in _RESPONDENT_ACTS.get(act, frozenset()):
        return False
    if hat.iscm_id is None:
        return True
    if act in _WHOLE_RESPONSE:
        return False
    return act is not Act.EDIT_RESPONSE or hat.iscm_id == subject.iscm_id


def may_hand_over(actor: Actor, appointment_id: UUID) -> bool:
    """Whether the actor may pass this appointment on: its holder, if it signs, or staff on a nomination."""
    own = any(hat.appointment_id == appointment_id and hat.role in _SIGNERS for hat in actor.appointments)
    return own or can(actor, Act.HAND_OVER)


def _limited_may(hat: Hat, act: Act, subject: ResponseFacts) -> bool:
    """What was given can be read, and written where that was given too; nothing is done with the whole."""
    shares = hat.shares_of(subject.response_id)
    if act is Act.READ_RESPONSE and not subject.is_placed:
        return bool(shares)
    if act not in {Act.READ_RESPONSE, Act.READ_THREADS}:
        shares = tuple(share for share in shares if share.right is DelegatedRight.WRITE)
        if hat.role not in _WRITERS:
            return False
    if act is Act.MARK_READY:
        return bool(shares)
    if act not in {Act.READ_RESPONSE, Act.EDIT_RESPONSE, Act.READ_THREADS, Act.ASK_IOM}:
        return False
    return any(share.covers(subject.section_key, subject.block_id) for share in shares)


def can_somewhere(actor: Actor, act: Act, subject: ResponseFacts) -> bool:
    """Whether there is any place in the response where the actor may do this: what taking its row asks."""
    places = [subject, *(replace(subject, iscm_id=hat.iscm_id) for hat in actor.appointments)]
    places += [
        replace(subject, section_key=share.section_key, block_id=share.instance_id)
        for hat in actor.appointments
        for share in hat.shares_of(subject.response_id)
    ]
    return any(can(actor, act, place) for place in places)


def part_of(
    actor: Actor, organisation_id: UUID, audience: str, response_id: UUID
) -> tuple[Share, ...] | None:
    """What one of the organisation's people was given of a response; None for who sees all of it."""
    hats = _hats_of(actor, organisation_id, audience)
    if any(hat.shares is None for hat in hats):
        return None
    return tuple(share for hat in hats for share in hat.shares_of(response_id))


def visible(answer: AnswerFacts, viewer: Actor | None) -> bool:
    """Whether the viewer may read this answer with its respondent; ``None`` is whoever reads a document.

    The respondent's own people always may, but for those who were given a part, whose place is not known
    here; staff when it has been submitted, viewers only what is given by name.
    """
    if viewer is None:
        return answer.submitted and answer.attribution is Attribution.BY_NAME
    if viewer.system:
        return True
    if any(hat.shares is None for hat in _hats_of(viewer, answer.organisation_id, answer.audience)):
        return True
    if viewer.staff_role is None or not answer.submitted:
        return False
    return viewer.staff_role in _EDITORS or answer.attribution is Attribution.BY_NAME


def hat_for(actor: Actor, organisation_id: UUID, audience: str) -> Hat | None:
    """The hat under which the actor acts for this organisation: the one worn if it fits, else the first that
    does.
    """
    return next(iter(_hats_of(actor, organisation_id, audience)), None)


def _hats_of(actor: Actor, organisation_id: UUID, audience: str) -> list[Hat]:
    """The hats of one organisation, the one worn first."""
    worn_first = dict.fromkeys((*((actor.hat,) if actor.hat else ()), *actor.appointments))
    return [hat for hat in worn_first if (hat.organisation_id, hat.audience) == (organisation_id, audience)]
