"""From page to page: what comes next, what came before, and what an address is."""

from typing import Any
from uuid import UUID

from flask import url_for

from app.definitions.routing import ShownPage
from app.web.respond.sheet import Sheet


def address(sheet: Sheet, page: ShownPage, **more: str) -> str:
    """The address of a page."""
    return page_url(sheet, page.section_key, page.page_key, _uuid(page), **more)


def page_url(sheet: Sheet, section: str, page: str, instance: UUID | None, **more: str) -> str:
    """The address of a page by its keys."""
    values: dict[str, Any] = {**({"instance_id": instance} if instance else {}), **more}
    return url_for("respond.show", response_id=sheet.id, section=section, page=page, **values)


def _uuid(page: ShownPage) -> UUID | None:
    return page.instance_id if isinstance(page.instance_id, UUID) else None


def following(sheet: Sheet, section: str, page: str, instance: UUID | None) -> ShownPage | None:
    """The page that follows:
    depth leads on through its own block, then everything returns to the main line.
    """
    return _step(sheet, section, page, instance, backwards=False)


def preceding(sheet: Sheet, section: str, page: str, instance: UUID | None) -> ShownPage | None:
    """The page before."""
    return _step(sheet, section, page, instance, backwards=True)


def _step(
    sheet: Sheet, section: str, page: str, instance: UUID | None, *, backwards: bool
) -> ShownPage | None:
    pages = list(reversed(sheet.path.pages)) if backwards else list(sheet.path.pages)
    here = sheet.path.find(section, page, instance)
    if here is None:
        return None
    for other in pages[pages.index(here) + 1 :]:
        same_block = (other.section_key, other.instance_id) == (section, instance)
        if (not other.more or (here.more and same_block)) and sheet.may_edit(_uuid(other), other.section_key):
            return other
    return None


def place(sheet: Sheet, section: str, page: str, instance: UUID | None) -> tuple[int, int]:
    """Which page of how many this is in its block, counted among its own: (2, 4)."""
    here = sheet.path.find(section, page, instance)
    alike = [
        other for other in sheet.pages(section, instance) if here is not None and other.more == here.more
    ]
    return (alike.index(here) + 1 if here in alike else 1, max(len(alike), 1))


def deeper(sheet: Sheet, section: str, instance: UUID | None) -> list[ShownPage]:
    """The pages behind “Say more” of one block."""
    return [page for page in sheet.pages(section, instance) if page.more]
