"""A stored response as the rules see it: its answers, its blocks and records, and what is asked now."""

from collections.abc import Mapping
from uuid import UUID

from app.definitions import routing
from app.definitions.plain import Plain
from app.definitions.routing import Path
from app.definitions.schema import Questionnaire
from app.queries.answer_sheets import Stored


def plain(stored: Stored) -> Mapping[tuple[UUID | str | None, str, str], Plain]:
    """Every answer that is not empty, on the path or not."""
    return {where: kept.value for where, kept in stored.answers.items() if kept.value is not None}


def instances(stored: Stored) -> list[routing.Instance]:
    """The blocks and records."""
    return [
        routing.Instance(
            id=block.id,
            group_key=block.group_key,
            parent_id=block.parent_id,
            subject=str(block.subject_id) if block.subject_id else None,
        )
        for block in stored.blocks
    ]


def path(questionnaire: Questionnaire, stored: Stored) -> Path:
    """What is asked now."""
    return routing.path(questionnaire, plain(stored), instances(stored))
