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
    """What staff or a respondent decided about a response. Whoever declined stays in the base of a response
    rate; what is not eligible, or a duplicate, leaves it.
    """

    DECLINED = "declined"
    NOT_ELIGIBLE = "not_eligible"
    DUPLICATE = "duplicate"


class ReceivedBy(StrEnum):
    """How answers reached staff that did not come through the service."""

    PAPER = "paper"
    INTERVIEW = "interview"


class ContactKind(StrEnum):
    """By what way somebody was spoken to outside the service."""

    CALL = "call"
    NOTE_VERBALE = "note_verbale"
    MAIL = "mail"
    MEETING = "meeting"
    OTHER = "other"


class ReminderAnchor(StrEnum):
    """From which moment the days of a reminder are counted."""

    OPENING = "opening"
    DEADLINE = "deadline"


class MessagePurpose(StrEnum):
    """What a message of a round is for: each has a template in each language."""

    INVITATION = "invitation"
    ACTIVATION = "activation"
    REMINDER = "reminder"
    LAST_REMINDER = "last_reminder"
    OVERDUE = "overdue"
    THANKS = "thanks"
    EXTENSION = "extension"
    CLARIFICATION = "clarification"
    REOPENING = "reopening"
    CLOSING = "closing"
    NOTE_VERBALE = "note_verbale"


class ImportKind(StrEnum):
    """What a file of contacts or of the register is to become."""

    REGISTER = "register"
    PEOPLE = "people"


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
    "ContactKind",
    "DelegatedRight",
    "ImportKind",
    "InstanceAct",
    "LinkPurpose",
    "MembershipRole",
    "MessagePurpose",
    "OrganisationKind",
    "Outcome",
    "ProposalDecision",
    "ReceivedBy",
    "ReminderAnchor",
    "RequestDecision",
    "ResponseStatus",
    "StaffRole",
    "ThreadKind",
    "Via",
]
