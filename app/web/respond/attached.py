"""What is attached to the answers of one response, as its pages show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import abort, g

from app.definitions.questions import BaseQuestion
from app.i18n import _
from app.policy import Act, can
from app.queries import files
from app.queries.files import Attached, Place
from app.services import file_kinds
from app.web import transactions
from app.web.respond import moving
from app.web.respond.sheet import Sheet

_KINDS = {kind.media_type: kind.name for kind in file_kinds.KINDS}


@dataclass(frozen=True)
class Spot:
    """A question or field that takes attachments, in its block or record, and the page on which it stands."""

    question: BaseQuestion
    instance: UUID | None
    label: str
    section: str
    page: str
    page_title: str
    block: UUID | None
    anchor: str

    def url(self, sheet: Sheet, **more: str) -> str:
        """The address of the page, with the record open where it is one."""
        opened = {"open": str(self.instance)} if self.instance != self.block else {}
        address = moving.page_url(sheet, self.section, self.page, self.block, **opened, **more)
        return f"{address}#{self.anchor}"


def spot(sheet: Sheet, instance: UUID | None, key: str) -> Spot:
    """Where that is. Aborts with 404 if nothing can be attached there."""
    block = sheet.blocks.get(instance) if instance else None
    if instance is not None and block is None:
        abort(404)
    in_record = block is not None and block.subject_id is None
    address = f"{block.group_key}.{key}" if block is not None and in_record else key
    place = sheet.questionnaire.places.get(address)
    if place is None or not place.question.most_attachments or not sheet.path.on(instance, key):
        abort(404)
    outer = block.parent_id if block is not None and in_record else instance
    anchor = f"entry-{instance}" if in_record else f"a-{key}-label"
    return Spot(
        place.question,
        instance,
        sheet.words(place.question.name, outer),
        place.section.key,
        place.page.key,
        sheet.words(place.page.title, outer),
        outer,
        anchor,
    )


def everything(sheet: Sheet) -> Sequence[Attached]:
    """All that the person before us may know of, removed ones included; read once for each sheet.

    Whoever is not of the organisation gets what stands submitted.
    """
    found: tuple[Sheet, Sequence[Attached]] | None = g.get("attached")
    if found is None or found[0] is not sheet:
        read = files.attached if _sees_all(sheet) else files.submitted
        seen = [each for each in read(transactions.session(), sheet.id) if _is_seen(sheet, each)]
        found = g.attached = (sheet, seen)
    return found[1]


def _sees_all(sheet: Sheet) -> bool:
    """Whether the person before us sees what is not submitted: the respondent's own, or who enters for it."""
    return sheet.is_own or (sheet.head.entered and can(sheet.actor, Act.ENTER_ANSWERS))


def _is_seen(sheet: Sheet, each: Attached) -> bool:
    """Whether it lies in what the person before us sees."""
    if sheet.part is None:
        return True
    if each.instance_id is not None:
        return each.instance_id in sheet.blocks
    return sheet.sees(sheet.questionnaire.section_of(each.question_key), None)


def show_as_sent(sheet: Sheet, submission_id: UUID) -> None:
    """Let the sheet of one submission show what that submission froze, whatever was removed since."""
    sent = files.of_submission(transactions.session(), submission_id)
    g.attached = (sheet, tuple(replace(each, removed_at=None) for each in sent))


def standing(sheet: Sheet) -> Mapping[Place, list[Attached]]:
    """What counts now, by place: for staff what was submitted, whatever was removed since."""
    if not any(place.question.most_attachments for place in sheet.questionnaire.places.values()):
        return {}
    by_place: dict[Place, list[Attached]] = {}
    for each in everything(sheet):
        if each.removed_at is None or not _sees_all(sheet):
            by_place.setdefault(each.place, []).append(each)
    return by_place


def removed(sheet: Sheet, place: Place) -> list[Attached]:
    """What was removed there and can be brought back, the latest first."""
    gone = [each for each in everything(sheet) if each.removed_at is not None and each.place == place]
    return sorted(gone, key=lambda each: (each.removed_at, each.id), reverse=True) if sheet.is_own else []


def one(sheet: Sheet, attachment_id: UUID) -> Attached | None:
    """The attachment with that id, if the person before us may know of it."""
    return next((each for each in everything(sheet) if each.id == attachment_id), None)


def kind_name(each: Attached) -> str:
    """“PDF”, “link”."""
    return _KINDS.get(each.media_type) or _("link")


def size_name(size: int) -> str:
    """“1.2 MB”, “34 kB”."""
    if size >= 1024 * 1024:
        return _("%(size)s MB", size=f"{size / 1024 / 1024:.1f}")
    return _("%(size)s kB", size=-(-size // 1024))


def about(each: Attached) -> str:
    """“PDF, 1.2 MB”; for a link “link”."""
    return f"{kind_name(each)}, {size_name(each.size)}" if each.sha256 else kind_name(each)
