"""The rule `setting`: what the introduction says of the round, the mechanism and who answered about it."""

import re
from collections.abc import Iterator

from app.findings import prose
from app.findings.drafts import Context, Draft
from app.findings.evidence import Count, Coverage, Role, Setting
from app.findings.ledger import FEWEST
from app.findings.plan import SettingRule
from app.findings.summary import Citation

NOT_RECORDED = "number invited not recorded"
_ON_VALUE = frozenset({"added_value.reasons", "added_value.words", "added_value.home_example"})
"""Concepts under which a State says what membership brings; what would help is another matter."""
_COUNTED = {
    "state": ("State", "States"),
    "iscm": ("ISCM", "ISCMs"),
    "igo": ("inter-governmental organization", "inter-governmental organizations"),
}


def settings(rule: SettingRule, context: Context) -> Iterator[Draft]:
    """The first case whose slots are all there."""
    slots = {**_slots(context), **_voices(context)}
    case = next((c for c in rule.cases if all(prose.slots_of(say) <= slots.keys() for say in c.say)), None)
    if case is None:
        return
    ways = tuple(prose.fill(say, slots) for say in case.say)
    yield Draft(rule.key, "setting", ways, (), rule.label, (), _sources(rule, context.speech.setting))


def coverage(context: Context) -> Coverage:
    """Return how many members answered about the mechanism, as far as the number may be printed.

    Only answers that may be published count; where one of them is unnamed, a number below three is None.
    """
    setting = context.speech.setting
    return Coverage(
        len(setting.members) if setting.members is not None else None, _printable(_members(context), context)
    )


def _members(context: Context) -> frozenset[str]:
    answered = context.ledger.respondents("state")
    members = context.speech.setting.members
    return answered if members is None else answered & members


def _printable(codes: frozenset[str], context: Context) -> int | None:
    hidden = len(codes) < FEWEST and context.ledger.is_unnamed("state", codes)
    return None if hidden else len(codes)


def _slots(context: Context) -> dict[str, str]:
    setting = context.speech.setting
    iscm = setting.iscm
    slots = {
        "subject": prose.SUBJECT,
        "full_name": _full_name(setting),
        "type": prose.indefinite(context.plan.types[iscm.type]) if iscm.type in context.plan.types else "",
        "round": _round(setting.round_title),
        "counts": prose.listed([_counted(a, setting.counts.get(a)) for a in _COUNTED]),
        "members": context.speech.own.members,
    }
    if not slots["type"]:
        del slots["type"]
    if not setting.counts:
        del slots["counts"]
    return {**slots, **_coverage_slots(context)}


def _coverage_slots(context: Context) -> dict[str, str]:
    setting = context.speech.setting
    codes = _members(context)
    on_value = frozenset(
        item.respondent
        for item in context.ledger.open
        if item.role is Role.STATE and item.respondent in codes and item.concept in _ON_VALUE
    )
    slots: dict[str, str] = {"as_of": f" of {setting.year}" if setting.year else ""}
    if setting.members:
        slots["total"] = str(len(setting.members))
    if not codes:
        slots["nobody"] = "none"
        return slots
    number = _printable(codes, context)
    if number is None:
        slots["few"] = f"fewer than {FEWEST}"
        return slots
    slots["answered"] = str(number)
    slots["states"] = f"{number} {'State' if number == 1 else 'States'}"
    value = _printable(frozenset(code for code in on_value if code), context)
    slots["on_value"] = _on_value(number, value)
    return slots


def _on_value(number: int, value: int | None) -> str:
    if not value:
        return ""
    if value == number:
        them = "also" if number == 1 else "both also" if number == 2 else "all of them also"
        return f", {them} on what membership brings"
    return f", {value} of them on what membership brings"


def _voices(context: Context) -> dict[str, str]:
    """Return who else answered about it: the mechanism itself, and organizations."""
    itself = bool(context.ledger.respondents("iscm"))
    igos = context.ledger.respondents("igo")
    number = len(igos)
    if number < FEWEST and context.ledger.is_unnamed("igo", igos):
        number = 0
    said = ["the mechanism itself"] if itself else []
    said += [f"{number} {'IGO' if number == 1 else 'IGOs'}"] if number else []
    return {"voices": prose.listed(said)} if said else {}


def _full_name(setting: Setting) -> str:
    iscm = setting.iscm
    name = prose.with_article(iscm.name, iscm.name_article)
    return name if iscm.short_name.casefold() == iscm.name.casefold() else f"{name} ({iscm.short_name})"


def _round(title: str) -> str:
    """Return the round inside a sentence: by its title as it is, or in quotation marks if it is a name."""
    if re.match(r"\d{4} [a-z]", title) and not re.search(r"[.:;]", title):
        return f"the {title}"
    return f"the round {prose.quoted(title)}"


def _counted(audience: str, count: Count | None) -> str:
    one, many = _COUNTED[audience]
    answered = count.answered if count else 0
    short = "; ".join(
        part
        for part in (
            "IGOs" if audience == "igo" else "",
            "" if count and count.invited is not None else NOT_RECORDED,
        )
        if part
    )
    after = f" ({short})" if short else ""
    if count and count.invited is not None:
        return f"{answered} of {count.invited} {one if count.invited == 1 else many}{after}"
    return f"{answered or 'no'} {one if answered == 1 else many}{after}"


def _sources(rule: SettingRule, setting: Setting) -> tuple[Citation, ...]:
    if rule.cites == "counts":
        asked = {"state": "States", "iscm": "ISCMs", "igo": "IGOs"}
        return tuple(
            Citation(
                Role.COUNT, None, f"count.{audience}", _count_source(words, setting.counts.get(audience))
            )
            for audience, words in asked.items()
        )
    if rule.cites == "name":
        return (Citation(Role.REGISTER, None, "register.name", "Register of mechanisms: name and type"),)
    if rule.cites == "voices":
        return (
            Citation(Role.COUNT, None, "count.voices", "Mechanism and organizations that answered about it"),
        )
    as_of = f" of {setting.year}" if setting.year else ""
    return (
        Citation(Role.REGISTER, None, "register.members", f"Register of mechanisms: members{as_of}"),
        Citation(Role.COUNT, None, "count.members", "Members that answered about it"),
    )


def _count_source(words: str, count: Count | None) -> str:
    source = f" ({count.source})" if count and count.source else ""
    return f"{words} that answered in the round{source}"
