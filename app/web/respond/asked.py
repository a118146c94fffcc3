"""A stored response as the rules see it: its answers, its blocks and records, and what is asked now."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from app.definitions import routing
from app.definitions.plain import Plain
from app.definitions.routing import Path
from app.definitions.schema import Questionnaire
from app.queries.answer_sheets import Block, Stored


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


def block_of(blocks: Mapping[UUID, Block], instance: UUID | None) -> Block | None:
    """The mechanism's block in which an instance lies; itself, if it is one."""
    block = blocks.get(instance) if instance else None
    while block is not None and block.subject_id is None:
        block = blocks.get(block.parent_id) if block.parent_id else None
    return block


def outwards(blocks: Mapping[UUID, Block], instance: UUID | None) -> Iterator[Block]:
    """A block or record and each in which it lies, from the inside."""
    block = blocks.get(instance) if instance else None
    while block is not None:
        yield block
        block = blocks.get(block.parent_id) if block.parent_id else None


def path(questionnaire: Questionnaire, stored: Stored) -> Path:
    """What is asked now."""
    return routing.path(questionnaire, plain(stored), instances(stored))
