"""The data model: typed declarative tables that refuse what the domain forbids."""

from app.models.audit import AuditEvent
from app.models.base import Base
from app.models.correspondence import OutboxMessage, RegisterProposal
from app.models.findings import CompiledSummary
from app.models.kinds import (
    EDITABLE,
    AppointmentRole,
    Attribution,
    Audience,
    InstanceAct,
    LinkPurpose,
    MembershipRole,
    OrganisationKind,
    Outcome,
    ProposalDecision,
    ResponseStatus,
    StaffRole,
    Via,
)
from app.models.organisations import IscmProfile, Membership, Organisation
from app.models.people import Appointment, LoginSession, SignInLink, User
from app.models.responses import (
    Answer,
    AnswerRevision,
    InstanceEvent,
    RepeatInstance,
    Response,
    StatusChange,
    Submission,
    SubmissionAnswer,
    Translation,
)
from app.models.rounds import (
    QuestionnaireVersion,
    Round,
    RoundMembership,
    RoundParticipant,
    RoundProfile,
    RoundTally,
)

__all__ = [
    "EDITABLE",
    "Answer",
    "AnswerRevision",
    "Appointment",
    "AppointmentRole",
    "Attribution",
    "Audience",
    "AuditEvent",
    "Base",
    "CompiledSummary",
    "InstanceAct",
    "InstanceEvent",
    "IscmProfile",
    "LinkPurpose",
    "LoginSession",
    "Membership",
    "MembershipRole",
    "Organisation",
    "OrganisationKind",
    "OutboxMessage",
    "Outcome",
    "ProposalDecision",
    "QuestionnaireVersion",
    "RegisterProposal",
    "RepeatInstance",
    "Response",
    "ResponseStatus",
    "Round",
    "RoundMembership",
    "RoundParticipant",
    "RoundProfile",
    "RoundTally",
    "SignInLink",
    "StaffRole",
    "StatusChange",
    "Submission",
    "SubmissionAnswer",
    "Translation",
    "User",
    "Via",
]
