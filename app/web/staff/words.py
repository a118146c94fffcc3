"""The words for what the register and the rounds hold."""

from collections.abc import Mapping, Sequence

from flask_babel import get_locale

from app.definitions import asking, regions
from app.definitions.asking import Who
from app.definitions.regions import Scheme
from app.i18n import _
from app.models import Audience, MembershipRole, Organisation, OrganisationKind, Round


def audience_names() -> dict[Audience, str]:
    """The plural by which an audience is called."""
    return {Audience.STATE: _("States"), Audience.ISCM: _("Mechanisms"), Audience.IGO: _("IGOs")}


def field_name(key: str) -> str:
    """The name of a fact of the register, or its key in words."""
    return _fact_names().get(key, key.replace("_", " "))


def column_name(key: str) -> str:
    """The name of a column of people, organisations, profiles or memberships, or its key in words."""
    names = {
        "also": _("other spellings"),
        "asked_as": _("questionnaire"),
        "email": _("e-mail address"),
        "focal_point_term": _("own word for focal point"),
        "chair_term": _("own word for chair"),
        "member_term": _("own word for member"),
        "from": _("from"),
        "from_": _("from"),
        "function": _("function"),
        "iscm": _("mechanism"),
        "locale": _("language"),
        "mechanism": _("mechanism"),
        "member": _("member"),
        "nomination_id": _("note verbale"),
        "note_number": _("note verbale"),
        "organisation": _("organization"),
        "other_names": _("other names"),
        "phone": _("phone"),
        "region_iom": _("region of IOM"),
        "region_m49": _("region (M49)"),
        "represents_id": _("represents"),
        "role": _("role"),
        "short_name_article": _("short name takes “the”"),
        "name_article": _("name takes “the”"),
        "staff_role": _("role at IOM"),
        "subregion_m49": _("sub-region (M49)"),
        "uncertain_fields": _("to be confirmed"),
        "valid_from": _("from"),
        "valid_until": _("until"),
        "via_id": _("through"),
        "withdrawn_at": _("withdrawn"),
    }
    return names.get(key) or field_name(key)


def region_names() -> Mapping[str, Mapping[str, str]]:
    """The regions of both schemes by code."""
    every = regions.committed()
    schemes: tuple[Scheme, ...] = ("m49", "iom")
    return {key: {each.code: str(each.name) for each in every.of(key).regions} for key in schemes}


def region_choices() -> Mapping[str, Sequence[tuple[str, str]]]:
    """What can be chosen as the region of an organisation, by field."""
    every = regions.committed()
    m49 = every.of("m49").regions
    return {
        "region_m49": [(each.code, str(each.name)) for each in m49 if each.within is None],
        "subregion_m49": [(each.code, str(each.name)) for each in m49 if each.within is not None],
        "region_iom": [(each.code, str(each.name)) for each in every.of("iom").regions],
    }


def nobody() -> str:
    """For an organisation that no questionnaire is given to."""
    return _("none")


def asked_as_names() -> Sequence[tuple[str, str]]:
    """The questionnaires that an organisation can be given."""
    return [("state", _("that to States")), ("igo", _("that to IGOs"))]


def several(found: Sequence[Organisation]) -> str:
    """What to do where the words mean several organisations."""
    names = ", ".join(f"{each.name} ({each.kind} {each.code})" for each in found[:6])
    return _("That may be several; give the code of one: %(names)s", names=names)


def unknown(near: Organisation | None) -> str:
    """What to do where the words mean nobody."""
    if near is None:
        return _("The register has nobody called that. Give a code or a name of the register")
    name = f"{near.name} ({near.code})"
    return _("The register has nobody called that. Did you mean %(name)s?", name=name)


def what_name(what: str) -> str:
    """What kind of thing a change of the register is about."""
    return {
        "organisation": _("organization"),
        "mechanism": _("mechanism"),
        "profile": _("profile of"),
        "membership": _("membership"),
    }.get(what, what)


def kind_names() -> dict[OrganisationKind, str]:
    """What an organisation is."""
    return {
        OrganisationKind.STATE: _("State"),
        OrganisationKind.TERRITORY: _("territory"),
        OrganisationKind.AGENCY: _("agency"),
        OrganisationKind.UNION: _("union"),
        OrganisationKind.IGO: _("IGO"),
        OrganisationKind.ISCM: _("mechanism"),
        OrganisationKind.OTHER: _("other"),
    }


def member_role_names() -> dict[MembershipRole, str]:
    """As what an organisation takes part in a mechanism."""
    return {
        MembershipRole.MEMBER: _("member"),
        MembershipRole.OBSERVER: _("observer"),
        MembershipRole.PARTNER: _("partner"),
        MembershipRole.CHAIR: _("chair"),
        MembershipRole.SECRETARIAT: _("secretariat"),
    }


def locale_names() -> dict[str, str]:
    """The languages that a person may read."""
    return {
        "en": _("English"),
        "fr": _("French"),
        "es": _("Spanish"),
        "ar": _("Arabic"),
        "ru": _("Russian"),
        "pt": _("Portuguese"),
    }


def _fact_names() -> dict[str, str]:
    return {
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
