"""Whom to ask at IOM, on every page of a respondent: of the round that the page is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g

from app.policy import Act, can
from app.templating import zone_name
from app.web.access import person
from app.web.respond.blueprint import blueprint
from app.web.respond.sheet import Sheet


@dataclass(frozen=True)
class Contact:
    """Who is asked, by what way, and when somebody answers; each may be empty."""

    name: str
    email: str
    phone: str
    hours: str


def contact_of(given: Mapping[str, str] | None) -> Contact | None:
    """The contact that a round has, its hours with their zone; None if it has none."""
    if not given or not any(given.get(key) for key in ("name", "email", "phone")):
        return None
    hours, zone = given.get("hours", ""), given.get("zone", "")
    when = f"{hours}, {zone_name(zone)}" if hours and zone else hours
    return Contact(given.get("name", ""), given.get("email", ""), given.get("phone", ""), when)


@blueprint.app_context_processor
def _contact() -> dict[str, Contact | None]:
    """The contact of the round whose answers were read for this request, for those who may read them.

    Whoever may not sees the same page as for what does not exist.
    """
    sheet = g.get("sheet")
    if not isinstance(sheet, Sheet) or person() is None or not sheet.is_own:
        return {"iom_contact": None}
    if not can(sheet.actor, Act.READ_RESPONSE, sheet.facts()):
        return {"iom_contact": None}
    return {"iom_contact": contact_of(sheet.head.contact)}
