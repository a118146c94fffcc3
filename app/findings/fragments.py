"""Whether what somebody typed may stand inside a sentence of ours, and in which place. English.

The rules are cautious on purpose: what is not clearly of the shape that a place needs is quoted instead, so
a mistake
here costs elegance, never grammar or truth.
"""

import re
from enum import Enum

from app.findings.words import (
    ADVERBS,
    BASE_VERBS,
    BE_AND_HAVE,
    COMMON_STARTS,
    DETERMINERS,
    IRREGULAR_PARTICIPLES,
    IRREGULAR_PASTS,
    JOINERS,
    MODALS,
    NAME_WORDS,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    THIRD_PERSON,
)

MAX_WORDS = 40
_TOKEN = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*", re.UNICODE)
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|WE|[Oo]ur|OUR|[Oo]urs|us|[Oo]urselves|[Mm]y|[Mm]yself|me)\b")
_I = re.compile(r"(?<!\w)I(?:['’](?:m|ve|d|ll)| [a-z])")
_NUMBERED = re.compile(r"\b(?:Phase|Part|Title|Annex|Chapter|Article|Stage|Volume|Track|Pillar) I\b")
_ABBREVIATIONS = re.compile(
    r"\b(?:No|Nos|Art|Arts|St|Mr|Ms|Mrs|Dr|Prof|vs|cf|e\.g|i\.e|approx|para|paras|vol|ed)\.(?=\s)"
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+[\"'“‘(\[]?[^\W\d_a-zß-öø-ÿ]")
_BULLET = re.compile(r"^(?:[-–—•*·▪‣]+\s*|\(?(?:\d{1,2}|[a-z])[.)]\s+)")
_POINT = re.compile(r"(?:^|\n)\s*[-–—•*·▪‣]+\s+|\s*[•▪‣]\s*")
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"))
_UNTIDY = re.compile(r"^[^\w“‘(]|https?://|www\.|[{}<>|\\]|\s[,.;:)\]…]|[(\[]\s|[,;:.…]{2}|\(\)")
"""Addresses, mark-up, and signs that stand where no sentence has them."""
OFFICE_OF = re.compile(r" (?:of|for|on|de|des|du)(?: the)? [A-Z]")
"""What follows the first word of "Ministry of Interior"."""
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\ue000-\uf8ff\u00ad]")
_SPACE = re.compile(r"\s+")


class Shape(Enum):
    """What a fragment is, grammatically, as far as its words show."""

    NOUN = "noun"
    GERUND = "gerund"
    MANNER = "manner"
    PARTICIPLE = "participle"
    INFINITIVE = "infinitive"
    VERB = "verb"
    CLAUSE = "clause"


def one_line(text: str) -> str:
    """Return the text on one line: every run of white space is one space, invisible marks are gone."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()


def listed_lines(text: str) -> str:
    """Return a list of points as one line, its points set apart by semicolons; any other text as it is."""
    points = [part for part in _POINT.split(text) if part.strip(" \t\r\n;,")]
    if len(points) < 2 and not _POINT.match(text):
        return text
    return "; ".join(unstopped(one_line(point)) for point in points)


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    """Return how many words a text has."""
    return len(text.split())


def first_person(text: str) -> bool:
    """Whether somebody speaks of themselves."""
    return bool(_FIRST_PERSON.search(text) or _I.search(_NUMBERED.sub("", text)))


def several_sentences(text: str) -> bool:
    """Whether a text is more than one sentence."""
    return bool(_SENTENCE_END.search(_ABBREVIATIONS.sub("", text)))


def bare(text: str) -> str | None:
    """Return a fragment ready for a sentence (bullet and final stop dropped, one line), or None if it does
    not fit.

    It does not fit with a line break, more than 40 words, the first person, more than one sentence, a
    question or an
    exclamation, or brackets and quotation marks that do not pair.
    """
    trimmed = _INVISIBLE.sub("", text).strip()
    if "\n" in trimmed or "\r" in trimmed:
        return None
    fragment = unstopped(_BULLET.sub("", one_line(listed_lines(trimmed))))
    if not words(fragment) or count(fragment) > MAX_WORDS:
        return None
    if first_person(fragment) or several_sentences(fragment) or re.search(r"[?!]", fragment):
        return None
    if not all(_paired(fragment, left, right) for left, right in _PAIRS) or fragment.count('"') % 2:
        return None
    if _UNTIDY.search(fragment):
        return None
    return fragment


def _paired(text: str, left: str, right: str) -> bool:
    if left not in text and right not in text:
        return True
    depth = 0
    for sign in text:
        depth += (sign == left) - (sign == right)
        if depth < 0:
            return False
    return depth == 0


def unstopped(text: str) -> str:
    """Return the text without stops, commas and the like at its end."""
    return re.sub(r"[\s.,;:…]+$", "", text)


def shape(fragment: str) -> Shape:
    """Return what a fragment is, judged by its first words and by the verbs in it."""
    tokens = [token.lower() for token in words(fragment)]
    if not tokens:
        return Shape.NOUN
    first = tokens[0]
    rest = tokens[1:]
    if first in PRONOUNS or (";" in fragment and finite(re.split(";", fragment)[-1])):
        return Shape.CLAUSE
    if first in DETERMINERS:
        return Shape.CLAUSE if finite(fragment) else Shape.NOUN
    if starts_with_verb(fragment) and not _adjective(tokens):
        return Shape.VERB
    if finite(fragment):
        return Shape.CLAUSE
    if first == "to":
        return Shape.INFINITIVE
    if first in PREPOSITIONS:
        return Shape.MANNER
    if _adverb(first) and rest:
        return _after_adverb(rest)
    return _by_first_word(first, rest)


def _by_first_word(first: str, rest: list[str]) -> Shape:
    if _participle(first) and (not rest or rest[0] in PREPOSITIONS or rest[0] in {"to", "as"}):
        return Shape.PARTICIPLE
    if first.endswith("ing") and len(first) > 4:
        return Shape.GERUND
    return Shape.NOUN


def _after_adverb(rest: list[str]) -> Shape:
    following = rest[0]
    if following in PREPOSITIONS:
        return Shape.MANNER
    return _by_first_word(following, rest[1:])


def _adverb(word: str) -> bool:
    return word in ADVERBS or (word.endswith("ly") and len(word) > 4)


def _participle(word: str) -> bool:
    return (word.endswith("ed") and len(word) > 4) or word in IRREGULAR_PARTICIPLES


def _adjective(tokens: list[str]) -> bool:
    """Whether the first word, a participle, stands before a noun ("improved border controls") or alone."""
    while len(tokens) > 1 and _adverb(tokens[0]):
        tokens = tokens[1:]
    return _participle(tokens[0]) and not (len(tokens) > 1 and tokens[1] in DETERMINERS)


def starts_with_verb(fragment: str) -> bool:
    """Whether the fragment can go on after a subject: "trained 40 officials", "now has a strategy"."""
    tokens = [token.lower() for token in words(fragment)]
    while tokens and _adverb(tokens[0]):
        tokens = tokens[1:]
    if not tokens:
        return False
    first = tokens[0]
    known = first in BE_AND_HAVE or first in MODALS or first in THIRD_PERSON or first in IRREGULAR_PASTS
    return known or (first.endswith("ed") and len(first) > 4)


def finite(fragment: str) -> bool:
    """Whether a verb in the fragment makes it a clause. What follows "that", "which" … does not count."""
    tokens = [token.lower() for token in words(fragment)]
    infinitive = False
    for place, word in enumerate(tokens):
        if word in RELATIVES and place:
            return False
        infinitive = infinitive or word == "to"
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        if word in BE_AND_HAVE or word in MODALS or word in THIRD_PERSON:
            return True
        if word in BASE_VERBS and not infinitive and place:
            return True
        if place and _verb_by_place(tokens[place - 1], word, following):
            return True
        if place > 1 and word in {"it", "them"} and tokens[place - 1] not in PREPOSITIONS and not following:
            return True
        past = (word.endswith("ed") and len(word) > 4) or word in IRREGULAR_PASTS
        if past and place and following in {"a", "an", "the", "its", "their", "his", "her"}:
            return True
    return False


def _verb_by_place(before: str, word: str, following: str) -> bool:
    """Whether a word in -s is a verb by where it stands: "now reports", "the guard reports each rescue"."""
    plural_before = before.endswith("s") and len(before) > 3 and before not in PREPOSITIONS
    if plural_before and following in {"a", "an", "the", "its", "their"}:
        return not (word in PREPOSITIONS or word in JOINERS or word.endswith(("ing", "ed")) or _adverb(word))
    if not word.endswith("s") or len(word) < 4 or word in PREPOSITIONS or word in DETERMINERS:
        return False
    if (
        before in PREPOSITIONS
        or before in DETERMINERS
        or word.endswith(("ss", "'s", "’s", "ous"))
        or _adverb(word)
    ):
        return False
    return before in ADVERBS or following in DETERMINERS


def inside(fragment: str, names: frozenset[str]) -> str:
    """Return the fragment for the middle of a sentence: its first letter lowered unless a name or an acronym.

    `names` are words that stand in the names of States, organisations and mechanisms.
    """
    found = _TOKEN.match(fragment)
    if found is None or not fragment[0].isupper():
        return fragment
    first = found.group()
    if is_name(first, fragment[found.end() :], names):
        return fragment
    return fragment[0].lower() + fragment[1:]


def is_name(word: str, following: str, names: frozenset[str]) -> bool:
    """Whether a capitalised first word keeps its capital inside a sentence."""
    if len(word) > 1 and word.isupper():
        return True
    lowered = word.lower()
    if lowered in DETERMINERS or lowered in PREPOSITIONS or lowered in PRONOUNS:
        return word == "I"
    if any(sign.isupper() or sign.isdigit() for sign in word[1:]) or len(word) == 1:
        return True
    second = _TOKEN.match(following.lstrip(" "))
    titled = second is not None and second.group()[0].isupper() and not second.group().isupper()
    if titled and second and not _demonym(second.group(), names):
        return True
    if lowered in COMMON_STARTS:
        return False
    stem = re.split(r"['’\-]", word)[0]
    if word in names or stem in names or word in NAME_WORDS or stem in NAME_WORDS:
        return True
    return bool(re.search(rf"\b{re.escape(word)}\b", following) or OFFICE_OF.match(following))


def _demonym(word: str, names: frozenset[str]) -> bool:
    """Whether a word is an adjective of a place: "New Georgian rules" does not begin with a name."""
    return word in names or word in NAME_WORDS


def is_sentence(text: str) -> bool:
    """Whether a text is one full sentence that can stand by itself: capital, verb, stop, no first person."""
    trimmed = text.strip()
    if not trimmed or not trimmed.endswith(".") or not trimmed[0].isupper():
        return False
    return bare(trimmed) is not None and count(trimmed) >= 4 and (finite(trimmed) or _past_inside(trimmed))


def _past_inside(text: str) -> bool:
    tokens = [token.lower() for token in words(text)][1:]
    return any((token.endswith("ed") and len(token) > 4) or token in IRREGULAR_PASTS for token in tokens)
