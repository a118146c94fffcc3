"""The form of a round: what was typed, what it means, and everything that is wrong with it at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import request

from app.definitions import values
from app.i18n import _
from app.models import Round
from app.services.errors import NotPossible
from app.services.planning import Plan
from app.templating import DEFAULT_ZONE
from app.web.conversations import END_OF_DAY
from app.web.faults import Errors
from app.web.staff.moments import instant, is_zone, typed_moment

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")
EMAIL = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+\.[^@\s<>\"',;.]+")
LONGEST_TITLE = 200
LONGEST_LINE = 200
MOMENTS = ("opens", "closes", "cutoff")
CONTACT = ("name", "email", "phone", "hours", "zone")


@dataclass(frozen=True)
class Typed:
    """Every field of the form, by name, as it stands in it."""

    fields: Mapping[str, str]

    def get(self, name: str) -> str:
        """What stands in one field."""
        return self.fields.get(name, "")


def empty(last: Round | None) -> Typed:
    """A new round's form; what the last one says of zone and contact stands in it."""
    fields = {"zone": DEFAULT_ZONE, "opens-time": "09:00"}
    fields |= {f"{name}-time": END_OF_DAY for name in ("closes", "cutoff")}
    if last is not None:
        fields |= {"zone": last.zone, **_contact_fields(last), "copy": last.code}
    return Typed(fields)


def of_round(round_: Round) -> Typed:
    """The form as it stands for a round that is planned."""
    fields = {"code": round_.code, "title": round_.title, "zone": round_.zone, **_contact_fields(round_)}
    for name, at in zip(MOMENTS, (round_.opens_at, round_.closes_at, round_.cutoff_at), strict=True):
        fields[f"{name}-day"], fields[f"{name}-time"] = typed_moment(at, round_.zone)
    return Typed(fields)


def _contact_fields(round_: Round) -> dict[str, str]:
    kept = round_.contact if isinstance(round_.contact, Mapping) else {}
    return {f"contact-{name}": str(kept.get(name) or "") for name in CONTACT}


def received() -> Typed:
    """What was sent, each field on one line."""
    fields = {name: " ".join(values.normalise(text).split()) for name, text in request.form.items()}
    return Typed(fields)


def read(typed: Typed) -> tuple[Plan | None, Errors]:
    """The plan that the form means, or everything that is wrong with it by field."""
    errors: Errors = []
    if not typed.get("title"):
        errors.append(("title", _("Give the round a title, such as Round 2027")))
    elif len(typed.get("title")) > LONGEST_TITLE:
        errors.append(("title", _("Shorten the title to %(most)s characters", most=LONGEST_TITLE)))
    zone = typed.get("zone")
    if not is_zone(zone):
        errors.append(("zone", _("Give a time zone by its name, such as Europe/Zurich")))
    moments = _moments(typed, zone if is_zone(zone) else DEFAULT_ZONE, errors)
    contact = read_contact(typed, errors)
    opens, closes, cutoff = (moments[name] for name in MOMENTS)
    if errors or opens is None or closes is None:
        return None, errors
    return Plan(typed.get("title"), opens, closes, cutoff, zone, contact), []


def _moments(typed: Typed, zone: str, errors: Errors) -> dict[str, datetime | None]:
    found: dict[str, datetime | None] = dict.fromkeys(MOMENTS)
    for name in MOMENTS:
        on = typed.get(f"{name}-day")
        if name == "cutoff" and not on:
            continue
        try:
            found[name] = instant(on, typed.get(f"{name}-time"), zone)
        except NotPossible as refused:
            errors.append((f"{name}-day", refused.message))
    opens, closes, cutoff = (found[name] for name in MOMENTS)
    if opens and closes and closes <= opens:
        errors.append(("closes-day", _("The deadline comes after the opening. Choose a later one")))
    if closes and cutoff and cutoff < closes:
        errors.append(
            ("cutoff-day", _("The cut-off is not before the deadline. Choose a later one, or none"))
        )
    return found


def read_end(typed: Typed, zone: str) -> tuple[datetime | None, datetime | None, Errors]:
    """A new deadline and cut-off of a round that was opened, or what is wrong with them."""
    errors: Errors = []
    found: dict[str, datetime | None] = {"closes": None, "cutoff": None}
    for name in found:
        if name == "cutoff" and not typed.get("cutoff-day"):
            continue
        try:
            found[name] = instant(typed.get(f"{name}-day"), typed.get(f"{name}-time"), zone)
        except NotPossible as refused:
            errors.append((f"{name}-day", refused.message))
    return found["closes"], found["cutoff"], errors


def read_code(typed: Typed) -> Errors:
    """What is wrong with the code of a new round."""
    if CODE.fullmatch(typed.get("code")):
        return []
    return [("code", _("Give a code of letters, digits, points and hyphens, such as 2027"))]


def read_contact(typed: Typed, errors: Errors) -> dict[str, str]:
    """Whom to ask at IOM; a name without any way to reach it is a fault."""
    given = {name: typed.get(f"contact-{name}") for name in CONTACT}
    for name, text in given.items():
        if len(text) > LONGEST_LINE:
            words = _("Shorten this to %(most)s characters", most=LONGEST_LINE)
            errors.append((f"contact-{name}", words))
    if given["email"] and not EMAIL.fullmatch(given["email"]):
        errors.append(("contact-email", _("Give an e-mail address, such as survey@iom.example")))
    if given["zone"] and not is_zone(given["zone"]):
        errors.append(("contact-zone", _("Give a time zone by its name, such as Europe/Zurich")))
    if given["name"] and not (given["email"] or given["phone"]):
        errors.append(("contact-email", _("Give an e-mail address or a telephone number")))
    if (given["email"] or given["phone"]) and not given["name"]:
        errors.append(("contact-name", _("Give the name of whom to ask")))
    return {name: text for name, text in given.items() if text}
