"""What somebody typed and what never enters a text of ours: nothing said, or another State made to act."""

import re
from dataclasses import replace

from app.findings import fragments, prose
from app.findings.evidence import FREE, Item, Role, Setting
from app.findings.naming import StateNames
from app.policy import Attribution

SAYS_NOTHING = "says nothing: “N/A”, “none”, “see above” and the like"
_NOTHING = re.compile(
    r"""
    n\W?a | n\W?k | nil | none | nothing | no | idem | ditto | same | empty | blank | void | unknown
  | t\W?b\W?[cdn] | to\ be\ (?:determined|confirmed|defined|added|completed)
  | not\ (?:applicable|available|known|relevant|yet|so\ far|yet\ known)
  | (?:none|nothing)\ (?:yet|so\ far|in\ particular|special|specific|known|to\ (?:add|report|declare))
  | no\ (?:further\ |other\ )?(?:answer|comments?|information|opinion|reply|remarks?|views?)
  | (?:i\ |we\ )?(?:do\ not|don[’']t)\ know
  | (?:please\ )?(?:see|as|cf|same\ as|refer\ to)\W+
    (?:(?:the|our|my|answers?|responses?|reply|replies|text|to)\ )*
    (?:above|below|before|previous(?:ly)?|earlier|attached|annex|attachment|question\W*\d*|q\W?\d+)
    (?:\ (?:answers?|questions?|responses?|mentioned|stated|document))?
  | (?:as\ )?(?:mentioned|stated|said|indicated|described)\ (?:above|before|earlier|previously)
  | néant | sans\ objet | s\W?o | rien | voir\ (?:plus\ haut|ci-dessus) | ning[uú]n[oa] | nada | no\ aplica
  | véase\ (?:más\ )?arriba | x{2,}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AROUND = " \t.,;:…!?()[]{}<>\"'“”‘’«»*•·▪‣–—-_/\\"


def says_nothing(text: str) -> bool:
    """Whether a text only fills the box: “N/A”, “none”, “-”, “see above”."""
    said = fragments.one_line(text).strip(_AROUND)
    return not said or _NOTHING.fullmatch(said) is not None


def sifted(item: Item, setting: Setting, states: StateNames, called: bool) -> tuple[Item | None, str | None]:
    """Return what of an answer may enter a text, and why the rest may not.

    `called`: its question asks for a name or an office. A closed answer loses only its own words.
    """
    free = item.kind in FREE
    typed = str(item.value) if free else item.words
    why = _why_not(item, typed, setting, states, called or item.kind == "reference") if typed else None
    if why is None:
        return item, None
    if free:
        return None, why
    kept = replace(item, words="")
    closed = item.codes or any(not choice.other for choice in item.chosen)
    return (kept if closed else None), why


def _why_not(item: Item, typed: str, setting: Setting, states: StateNames, called: bool) -> str | None:
    if says_nothing(typed):
        return SAYS_NOTHING
    if item.attribution is not Attribution.BY_NAME:
        return None
    if item.language.split("-")[0].lower() != setting.locale:
        typed = item.translated or ""
    own = item.respondent if item.role is Role.STATE else None
    printed = prose.quoted(typed) if prose.is_shortened(typed) else typed
    acting = states.acting(printed, own, called) if printed else frozenset()
    if not acting:
        return None
    names = sorted((_name(code, setting) for code in acting), key=prose.order)
    return f"names {prose.listed(names)} as saying or doing something: only that State's own answer can"


def _name(code: str, setting: Setting) -> str:
    known = setting.names.get(code)
    return prose.place(known) if known else code
