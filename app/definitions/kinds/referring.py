"""States, organizations and mechanisms of the register."""

# ruff: noqa: ARG001 - the functions of one act share a signature, whatever their kind needs of it

import re
from typing import Any

from app.definitions.kinds import acts
from app.definitions.kinds.acts import Directory, Names, Raw, ValueSentence
from app.definitions.kinds.texts import too_long
from app.definitions.plain import Plain
from app.definitions.questions import Reference
from app.i18n import _ as translated

MAX_OTHER = 2_000
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


@acts.read.register
def _(question: Reference, raw: Raw, name: str, directory: Directory | None = None) -> Plain | None:
    entries = [entry for value in raw.get(name, ()) if (entry := acts.normalise(value).strip())]
    own = acts.typed(raw, f"{name}.other") if question.other else ""
    codes: list[str] = []
    unknown: list[str] = []
    for entry in entries:
        code = entry if directory is None else directory.find(question.to, entry)
        (codes if code else unknown).append(code or entry)
    if unknown and question.other:
        own = "; ".join([*unknown, own] if own.strip() else unknown)
        unknown = []
    plain = _plain(list(dict.fromkeys([*codes, *unknown])), own)
    return plain or None


@acts.check.register
def _(question: Reference, plain: Plain, directory: Directory | None = None) -> list[str]:
    codes = plain.get("codes", []) if isinstance(plain, dict) else None
    if not isinstance(plain, dict) or not isinstance(codes, list):
        return [acts.ask(question)]
    own = plain.get("other", "")
    if not codes and not own:
        return [acts.ask(question)]
    sentences = [
        translated("“%(name)s” is not in the list. Choose a name from the list", name=str(code)[:80])
        for code in codes
        if not isinstance(code, str) or not _is_known(question, code, directory)
    ]
    if len(codes) > 1 and not question.several:
        sentences.append(translated("Give one name; %(count)s are given", count=len(codes)))
    if own and not question.other:
        sentences.append(translated("Choose a name from the list"))
    return sentences + too_long(str(own), MAX_OTHER, None)


@acts.from_file.register
def _(question: Reference, raw: Any, directory: Directory | None = None) -> Plain:
    given = raw if isinstance(raw, dict) else {"codes": raw}
    listed = given.get("codes", [])
    listed = [listed] if isinstance(listed, str) else listed
    if not isinstance(listed, list) or set(given) - {"codes", "other"}:
        raise ValueSentence([translated("Give a list of codes")])
    codes = [acts.normalise(str(code)) for code in listed]
    found = codes if directory is None else [directory.find(question.to, code) or code for code in codes]
    plain = _plain(list(dict.fromkeys(found)), acts.normalise(str(given.get("other") or "")))
    if sentences := acts.check(question, plain, directory):
        raise ValueSentence(sentences)
    return plain


@acts.say.register
def _(question: Reference, plain: Plain, names: Names, locale: str = "en") -> str:
    if not isinstance(plain, dict):
        return str(plain)
    said = [names.organisation(code) for code in plain.get("codes", ())]
    return "; ".join([*said, plain["other"]] if plain.get("other") else said)


@acts.posted.register
def _(question: Reference, plain: Plain, name: str) -> dict[str, list[str]]:
    given = acts.parts(plain)
    return {name: list(given.get("codes", ())), f"{name}.other": [given.get("other", "")]}


@acts.ask.register
def _(question: Reference) -> str:
    return translated("Give at least one name") if question.several else translated("Give a name")


def _plain(codes: list[str], own: str) -> dict[str, Any]:
    plain: dict[str, Any] = {"codes": codes} if codes else {}
    return {**plain, "other": own} if own.strip() else plain


def _is_known(question: Reference, code: str, directory: Directory | None) -> bool:
    return bool(_CODE.fullmatch(code)) and (directory is None or directory.find(question.to, code) == code)
