"""What a submission freezes of the files and links attached to its answers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.definitions import routing
from app.models import Response, Submission, SubmissionAttachment
from app.queries import definitions, files, responses
from app.queries.files import Frozen
from app.queries.responses import Block


def asked_for(session: Session, response: Response, blocks: Mapping[UUID, Block]) -> list[Frozen]:
    """What stands attached to questions that are asked now; what hangs on others is kept, and not sent."""
    attached = files.with_digests(session, response.id)
    if not attached:
        return []
    questionnaire = definitions.of(session, response.questionnaire_version_id)
    values = responses.values(session, response.id)
    path = routing.path(questionnaire, values, [block.routed() for block in blocks.values()])
    return [each for each in attached if path.on(each[0].instance_id, each[0].question_key)]


def rows(submission: Submission, attached: Sequence[Frozen]) -> list[SubmissionAttachment]:
    """The rows that hold them fast."""
    return [
        SubmissionAttachment(
            submission_id=submission.id, attachment_id=attachment.id, response_id=submission.response_id
        )
        for attachment, _sha256 in attached
    ]


def part_of_digest(attached: Sequence[Frozen]) -> dict[str, list[list[str]]]:
    """What stands of them in a digest: place, name, and the content by its SHA-256 (a link's address).

    Nothing stands there where nothing is attached, so that what was sent without keeps its digest.
    """
    if not attached:
        return {}
    return {
        "attachments": sorted(
            [
                str(attachment.instance_id or ""),
                attachment.question_key,
                attachment.name,
                sha256 or str(attachment.url),
            ]
            for attachment, sha256 in attached
        )
    }
