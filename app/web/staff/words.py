"""The words for what the register and the rounds hold."""

from app.i18n import _
from app.models import Audience


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
