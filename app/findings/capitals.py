"""Words typed in capitals, said in the case that they have in a sentence."""

import re
from collections.abc import Mapping

from app.findings import fragments
from app.findings.words import COMMON_STARTS, DETERMINERS, EVERYDAY, JOINERS, PREPOSITIONS, PRONOUNS

_ORDINARY = EVERYDAY | COMMON_STARTS | DETERMINERS | JOINERS | PREPOSITIONS | PRONOUNS
_LONG = 4
"""Fewer letters than these are taken for an acronym unless the whole text is in capitals."""
_NO_ACRONYM = 9


def calmed(text: str, names: Mapping[str, str]) -> str:
    """Return the text with words in capitals as they are usually written: "EXCHANGE of data", "GEORGIA".

    Only everyday words and known names (`names`: capitals → usual writing) change; of a text wholly in
    capitals all or nothing does, so that no acronym is taken for a word.
    """
    tokens = fragments.words(text)
    loud = [token for token in tokens if token.isupper() and len(token) > 1]
    if not any(len(token) >= _LONG for token in loud):
        return text
    for capitals, usual in names.items():
        if capitals in text:
            text = re.sub(rf"(?<!\w){re.escape(capitals)}(?!\w)", usual, text)
    if len(loud) == len([token for token in tokens if any(sign.isalpha() for sign in token)]):
        left = [token for token in fragments.words(text) if token.isupper()]
        return _lowered(text, 1) if all(token.lower() in _ORDINARY for token in left) else text
    return _lowered(text, _LONG)


def shouted(text: str) -> bool:
    """Whether a text of several words, at least one of them no acronym, is wholly in capitals."""
    tokens = fragments.words(text)
    wordy = any(token.lower() in _ORDINARY or len(token) >= _NO_ACRONYM for token in tokens)
    return len(tokens) > 1 and wordy and text.isupper()


def _lowered(text: str, shortest: int) -> str:
    def one(found: re.Match[str]) -> str:
        word = found.group()
        loud = word.isupper() and len(word) >= shortest
        return word.lower() if loud and word.lower() in _ORDINARY else word

    return re.sub(r"[^\W\d_]+", one, text)
