"""The name under which a file is shown and handed back: what its sender called it, made harmless."""

import re
import unicodedata

from app.i18n import _

LONGEST = 200
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufffe\uffff]"
)
"""Controls, lone surrogates, line separators, and what turns or hides writing (a name must read as it is)."""
_PATHS = re.compile(r"[/\\]")


def shown_name(given: str, ending: str) -> str:
    """Return the name without path, controls and marks of direction, at most 200 characters, ending as its
    content says.
    """
    name = _PATHS.split(unicodedata.normalize("NFC", given))[-1]
    name = " ".join(_DROPPED.sub("", name).split())
    stem, dot, last = name.rpartition(".")
    known = {".jpg": {"jpg", "jpeg", "jpe"}}.get(ending, {ending[1:]})
    if not dot or last.lower() not in known:
        stem, last = name, ending[1:]
    stem = stem.strip(" .") or _("document")
    return f"{stem[: LONGEST - len(last) - 1].rstrip(' .')}.{last}"


def shown_label(given: str, address: str) -> str:
    """Return the words for a link: those given, or the address where there are none."""
    label = " ".join(_DROPPED.sub("", unicodedata.normalize("NFC", given)).split())
    return (label or address)[:LONGEST]
