"""The words for what the register and the rounds hold."""

from flask_babel import get_locale

from app.definitions import asking, regions
from app.definitions.asking import Who
from app.i18n import _
from app.models import Audience, Round


def audience_names() -> dict[Audience, str]:
    """The plural by which an audience is called."""
    return {Audience.STATE: _("States"), Audience.ISCM: _("Mechanisms"), Audience.IGO: _("IGOs")}


def field_name(key: str) -> str:
    """The name of a fact of the register, or its key in words."""
    names = {
        "acronym": _("acronym"),
        "chair": _("chair"),
        "chair_model": _("model of chair"),
        "established": _("year established"),
        "funding": _("funding"),
        "guiding_documents": _("guiding documents"),
        "member_countries": _("members"),
        "mechanism": _("a mechanism that the register lacks"),
        "members": _("members"),
        "members_stated_count": _("number of members"),
        "name": _("full name"),
        "secretariat": _("secretariat"),
        "secretariat_model": _("model of secretariat"),
        "status": _("status"),
        "structures": _("structures"),
        "thematic_areas": _("thematic areas"),
        "type": _("type"),
        "working_languages": _("working languages"),
    }
    return names.get(key, key.replace("_", " "))


def round_state(round_: Round) -> tuple[str, str]:
    """How a round stands: the kind of tag and its words."""
    if round_.opened_at is None:
        return ("open", _("Not open yet"))
    if round_.closed_at is None:
        return ("under-way", _("Open"))
    if round_.cut_off_at is None:
        return ("look", _("Closed, not cut off"))
    return ("neutral", _("Cut off"))


def parts_of_rule() -> dict[str, str]:
    """What each part of the rule is about."""
    return {
        asking.STATE: _("States"),
        asking.ISCM: _("Mechanisms about themselves"),
        asking.IGO: _("Intergovernmental organizations"),
        asking.ABOUT: _("Mechanisms that States and organizations are asked about"),
    }


def who_is_asked() -> dict[str, dict[Who, str]]:
    """What each choice of the rule means, by part."""
    chosen = _("Those with these codes")
    nobody = _("None")
    return {
        asking.STATE: {
            Who.MEMBERS: _("Members and chairs of all active mechanisms"),
            Who.MEMBERS_OF: _("Members and chairs of the mechanisms with these codes"),
            Who.ALL: _("All States of the register"),
            Who.CHOSEN: chosen,
            Who.NONE: nobody,
        },
        asking.ISCM: {Who.ACTIVE: _("All active mechanisms"), Who.CHOSEN: chosen, Who.NONE: nobody},
        asking.IGO: {
            Who.TAKING_PART: _("All that observe, partner or take part in an active mechanism"),
            Who.ALL: _("All of the register"),
            Who.CHOSEN: chosen,
            Who.NONE: nobody,
        },
        asking.ABOUT: {Who.ACTIVE: _("All active mechanisms"), Who.CHOSEN: chosen},
    }


def region_name(code: str) -> str:
    """What a region of UN M49 is called; a sub-region is called by its own name."""
    if not code:
        return _("Without a region")
    found = regions.committed().of("m49").named(code)
    return found.name.in_locale(str(get_locale())) if found else code
