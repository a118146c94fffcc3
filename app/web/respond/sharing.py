"""The part of a response that somebody sees who was not given all of it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from app.definitions import conditions
from app.definitions.routing import InstanceId, Path
from app.definitions.schema import Questionnaire
from app.policy import Share
from app.queries.answer_sheets import Block, Stored
from app.web.respond import asked


class Part:
    """Which sections and blocks belong to what was given, and what is left of a response with only these."""

    def __init__(
        self, questionnaire: Questionnaire, blocks: Iterable[Block], shares: tuple[Share, ...]
    ) -> None:
        self._questionnaire = questionnaire
        self._blocks = {block.id: block for block in blocks}
        self._shares = shares

    def sees(self, section: str | None, instance: InstanceId) -> bool:
        """Whether a section, outside blocks (None) or in the block of this instance, was given."""
        block = asked.block_of(self._blocks, instance) if isinstance(instance, UUID) else None
        return any(share.covers(section, block.id if block else None) for share in self._shares)

    def sees_about(self, subject: UUID | None, question: str) -> bool:
        """Whether what is asked about a mechanism (None: about none) by this question was given."""
        section = self._questionnaire.section_of(question)
        if subject is None:
            return section is not None and self.sees(section, None)
        return any(
            self.sees(section, block.id) for block in self._blocks.values() if block.subject_id == subject
        )

    def sees_answers_to(self, question: str) -> bool:
        """Whether the answers to a question that stands outside lists were given: within a block, its own."""
        place = self._questionnaire.places.get(question)
        if place is None:
            return False
        return place.section.repeat is not None or self.sees(place.section.key, None)

    def of(self, stored: Stored) -> Stored:
        """The response with only the blocks, records and answers that were given."""
        kept = {block.id: block for block in stored.blocks if self._keeps(block)}
        answers = {
            (instance, key, item): answer
            for (instance, key, item), answer in stored.answers.items()
            if (instance in kept if instance is not None else self._keeps_answer(key))
        }
        return replace(stored, blocks=tuple(kept.values()), answers=answers)

    def _keeps(self, block: Block) -> bool:
        return self.sees(self._questionnaire.section_of_group(block.group_key), block.id)

    def _keeps_answer(self, key: str) -> bool:
        section = self._questionnaire.section_of(key)
        return section is not None and self.sees(section, None)

    def rule(self, rule: conditions.Rule, whole: Path, instance: UUID | None) -> conditions.Rule:
        """The rule with what it says of answers that were not given decided, so that a browser needs none.

        What is unknown stays: without the answer it is unknown there too.
        """
        if isinstance(rule, conditions.All | conditions.AnyOf):
            return rule.model_copy(
                update={"rules": tuple(self.rule(each, whole, instance) for each in rule.rules)}
            )
        if isinstance(rule, conditions.Not):
            return rule.model_copy(update={"rule": self.rule(rule.rule, whole, instance)})
        if rule.question not in self._questionnaire.places or self.sees_answers_to(rule.question):
            return rule
        return _CONSTANT[conditions.holds(rule, whole.lookup(instance))] or rule


_CONSTANT: Mapping[bool | None, conditions.Rule | None] = {
    True: conditions.All.model_construct(rules=()),
    False: conditions.AnyOf.model_construct(rules=()),
    None: None,
}
"""All of nothing is true, any of nothing is false: in the browser as here."""
