"""The parts of a response that can be given, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.i18n import _
from app.policy import DelegatedRight
from app.queries.teams import Given, Member
from app.services.delegating import Gift
from app.web.respond.sheet import Sheet

WHOLE = "all"


@dataclass(frozen=True)
class Offer:
    """One part that can be given: its value on the form, and what it is called."""

    value: str
    words: str
    hint: str
    gift: Gift


def offers(sheet: Sheet) -> list[Offer]:
    """Everything that can be given, from the whole to the single mechanism, in the questionnaire's order."""
    found = [Offer(WHOLE, _("All answers"), _("Everything that is asked, now and later"), Gift())]
    for section in sheet.questionnaire.sections:
        gift = Gift(section_key=section.key)
        hint = _("Also those that are added later") if section.repeat is not None else ""
        found.append(Offer(f"section:{section.key}", section_name(sheet, section.key), hint, gift))
        if section.repeat is not None:
            found += [
                Offer(f"block:{block.id}", sheet.subject_name(block.id), "", Gift(instance_id=block.id))
                for block in sheet.stored.blocks
                if block.group_key == section.key
            ]
    return found


def value_of(part: Given) -> str:
    """The value under which the form offers a part that was given."""
    if part.section_key is not None:
        return f"section:{part.section_key}"
    return f"block:{part.instance_id}" if part.instance_id is not None else WHOLE


def section_name(sheet: Sheet, key: str) -> str:
    """What a section is called as a part to be given."""
    section = sheet.questionnaire.section(key)
    if section.repeat is not None:
        return _("Every mechanism")
    return sheet.words(section.title, None)


def part_name(sheet: Sheet, part: Given) -> str:
    """What a part that was given is called."""
    if part.section_key is not None:
        return section_name(sheet, part.section_key)
    if part.instance_id is None:
        return _("All answers")
    return sheet.subject_name(part.instance_id) or _("A mechanism that was removed")


def rights() -> dict[str, str]:
    """What can be done with what is given, in words."""
    return {DelegatedRight.WRITE.value: _("Write answers"), DelegatedRight.READ.value: _("Read only")}


def with_whom(members: Iterable[Member], section: str, block: UUID | None) -> list[tuple[str, Given]]:
    """Who writes in a section or block because it was given to them, and that part."""
    found = {
        member.appointment_id: (member.name, part)
        for member in members
        for part in member.parts
        if part.writes and _covers(part, section, block)
    }
    return list(found.values())


def _covers(part: Given, section: str, block: UUID | None) -> bool:
    if part.instance_id is not None:
        return part.instance_id == block
    return part.section_key in (None, section)
