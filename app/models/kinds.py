"""Closed lists that columns draw from."""

from enum import StrEnum

from app.policy import AppointmentRole, Attribution, DelegatedRight, StaffRole


class OrganisationKind(StrEnum):
    STATE = "state"
    TERRITORY = "territory"
    AGENCY = "agency"
    UNION = "union"
    IGO = "igo"
    ISCM = "iscm"
    OTHER = "other"


class Audience(StrEnum):
    """Which questionnaire an organisation can be given."""

    STATE = "state"
    ISCM = "iscm"
    IGO = "igo"
    NONE = "none"


class MembershipRole(StrEnum):
    MEMBER = "member"
    OBSERVER = "observer"
    PARTNER = "partner"
    CHAIR = "chair"
    SECRETARIAT = "secretariat"


class ResponseStatus(StrEnum):
    INVITED = "invited"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    REOPENED = "reopened"


EDITABLE = (ResponseStatus.INVITED, ResponseStatus.IN_PROGRESS, ResponseStatus.REOPENED)


class Outcome(StrEnum):
    DECLINED = "declined"
    NOT_ELIGIBLE = "not_eligible"


class Via(StrEnum):
    """By which way an answer came."""

    PAGE = "page"
    AUTOSAVE = "autosave"
    IMPORT = "import"
    STAFF = "staff"


class InstanceAct(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    RESTORED = "restored"


class LinkPurpose(StrEnum):
    SIGN_IN = "sign_in"
    INVITATION = "invitation"
    DEMO = "demo"


class ProposalDecision(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class ClearanceDecision(StrEnum):
    APPROVED = "approved"
    SENT_BACK = "sent_back"


class ThreadKind(StrEnum):
    QUESTION = "question"
    CLARIFICATION = "clarification"
    CLEARANCE = "clearance"
    EXTENSION = "extension"
    REOPENING = "reopening"


class RequestDecision(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"


__all__ = [
    "EDITABLE",
    "AppointmentRole",
    "Attribution",
    "Audience",
    "ClearanceDecision",
    "DelegatedRight",
    "InstanceAct",
    "LinkPurpose",
    "MembershipRole",
    "OrganisationKind",
    "Outcome",
    "ProposalDecision",
    "RequestDecision",
    "ResponseStatus",
    "StaffRole",
    "ThreadKind",
    "Via",
]
