"""The grammar of the sentences: lists, articles, quotations, and filling of templates. English.

The sentences themselves stand in the plan. A template has slots in braces and, in square brackets, a word in
the singular and in the plural: ``{who} [takes|take] part``.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from app.findings import fragments
from app.findings.evidence import Mechanism, Place
from app.findings.words import (
    COUNTED,
    COUNTED_AFTER,
    COUNTED_BEFORE,
    DEEDS,
    DETERMINERS,
    GENERIC,
    HEADS,
    RANKS,
    TITLED,
)

SUBJECT = "\ue000"
"""Stands for the mechanism until the final pass decides how it is called there."""
ITS = "\ue001"
"""Stands for "its", said only where it is clear whose."""

LONG_ITEM = 6
"""Words from which on an item is set off by a comma before the last "and"."""
MAX_QUOTED = 80
SHORTENED_TO = 60
FEWEST_QUOTED = 8
_JOINED = re.compile(r"\b(?:and|or) (?![A-Z])")
"""A list inside an item. “Panel on Migration and Asylum” is a name and none."""
_PART = re.compile(r"\{([a-z_]+)\}|\[([^|\]]*)\|([^\]]*)\]")
_QUOTED = re.compile(r'["“«]([^"“”«»]+)["”»]')
_HEAD_OF = re.compile(r"\s(?:on|of|for|in|from|between|among|to|against|with|about|at|by|the)\s")
_VOWEL_SOUND = re.compile(r"(?:[aeiou]|hono|hour|heir|honest)", re.IGNORECASE)
_YOU_SOUND = re.compile(r"(?:uni(?!n|m)|use|usu|eu|ewe|one|once|un\b|ut[ei])", re.IGNORECASE)


def fill(template: str, slots: Mapping[str, str], number: int = 1) -> str:
    """Return the template with its slots filled; `number` chooses between singular and plural.

    Raises KeyError for a slot that is not given. What is filled in is not looked at again.
    """

    def part(found: re.Match[str]) -> str:
        if found.group(1) is None:
            return found.group(2) if number == 1 else found.group(3)
        return slots[found.group(1)]

    return _PART.sub(part, template)


def slots_of(template: str) -> frozenset[str]:
    """Return the names of the slots of a template."""
    return frozenset(name for name, _, _ in _PART.findall(template) if name)


def order(text: str) -> tuple[str, str]:
    """Return the key by which names are sorted in English: accents and "the" do not count."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return (re.sub(r"^the ", "", plain.casefold()), text)


def listed(items: Sequence[str], word: str = "and") -> str:
    """Return "a", "a and b", "a, b and c"; with semicolons where an item has a comma of its own.

    Between two items there is never a comma: if one of them is a list itself, "as well as" keeps them apart.
    """
    if len(items) <= 1:
        return "".join(items)
    open_parts = [re.sub(r"\([^()]*\)|“[^”]*”", "", item) for item in items]
    marks = "".join(sign for part in open_parts for sign in part if sign in ",;")
    if ";" in marks or (marks and (len(items) > 2 or word != "and")):
        return "; ".join(items[:-1]) + f"; {word} " + items[-1]
    if len(items) == 2:
        apart = word == "and" and any(_JOINED.search(part) or "," in part for part in open_parts)
        return f"{items[0]} {'as well as' if apart else word} {items[1]}"
    joined = any(re.search(r"\b(?:and|or)\b", part) for part in open_parts)
    long = any(fragments.count(part) > LONG_ITEM for part in open_parts)
    return ", ".join(items[:-1]) + (", " if joined or long else " ") + f"{word} {items[-1]}"


def neither(items: Sequence[str]) -> str:
    """Return "a" for one, "neither a nor b" for two and more."""
    return items[0] if len(items) == 1 else "neither " + " nor ".join(items)


def place(known: Place) -> str:
    """Return a State or organisation as it stands inside a sentence."""
    return f"the {known.name}" if known.article and not known.name.lower().startswith("the ") else known.name


def with_article(name: str, article: bool | None = None) -> str:
    """Return a name with "the" where English wants it: by what is known, else by its head ("Process", "Panel"
    …).
    """
    if article is not None:
        return f"the {name}" if article and not name.lower().startswith("the ") else name
    if re.match(r"(?:the|a|an)\s", name, re.IGNORECASE):
        return name
    return f"the {name}" if head(name) in HEADS or name[0].isdigit() else name


def head(name: str) -> str:
    """Return the word that says what a name names: "panel" for "Panel on Migration and Asylum"."""
    tokens = re.sub(r"\s*\([^)]*\)|(?:\s\d{4}(?:[-–/]\d{2,4})?)+$", "", _HEAD_OF.split(name)[0]).split()
    return tokens[-1].lower().strip(",;") if tokens else ""


def noun(fragment: str, names: frozenset[str], before: str = "") -> str:
    """Return a thing with the article it needs: "the EaP Forum", "an academia group", "working groups".

    `before` is an adjective put in ("ad hoc").
    """
    if before and fragment.lower().startswith(f"{before} "):
        before = ""
    adjective = f"{before} " if before else ""
    found = re.match(
        r"(the|an?|its|their|one|two|three|several|some|many|all)\s+(.+)", fragment, re.IGNORECASE
    )
    if found:
        article, rest = found.group(1).lower(), found.group(2)
        return f"{indefinite(adjective + rest)}" if article in ("a", "an") else f"{article} {adjective}{rest}"
    if _proper(fragment, names):
        bare_name = head(fragment) not in HEADS or plural(fragment)
        return f"{adjective}{fragment}" if bare_name and not before else f"the {adjective}{fragment}"
    lowered = adjective + fragments.inside(fragment, names)
    return lowered if plural(fragment) or not _countable(fragment) else indefinite(lowered)


def agent(fragment: str, names: frozenset[str]) -> str:
    """Return who does something: "the European Union", "Georgia", "senior officials", "the host State"."""
    if re.match(r"(?:the|an?|its|their)\s", fragment, re.IGNORECASE):
        return f"{fragment[0].lower()}{fragment[1:]}"
    if _proper(fragment, names):
        return with_article(fragment)
    return fragments.inside(fragment, names)


def completed(fragment: str, names: frozenset[str]) -> str:
    """Return a thing with the "a" that was left out: "stable platform to exchange views" lacks one."""
    lowered = fragments.inside(fragment, names)
    first = fragments.words(lowered)[:1]
    if not first or first[0].lower() in DETERMINERS:
        return lowered
    if _proper(fragment, names):
        return f"the {lowered}" if head(fragment) in TITLED and lowered == fragment else lowered
    called, after = head(lowered), _HEAD_OF.search(lowered)
    if (
        first[0].lower() in RANKS
        and called != first[0].lower()
        and called in COUNTED | COUNTED_BEFORE | HEADS
    ):
        return f"the {lowered}"
    if re.match(r"\w+ of\b", lowered) and first[0].lower() in DEEDS:
        return f"the {lowered}"
    complete = after is not None and after.group().strip() in COUNTED_AFTER
    return indefinite(lowered) if called in COUNTED or (called in COUNTED_BEFORE and complete) else lowered


def _countable(fragment: str) -> bool:
    return head(fragment) in HEADS or head(fragment) in {
        "grant",
        "contract",
        "budget",
        "event",
        "website",
        "task",
        "body",
    }


def plural(fragment: str) -> bool:
    """Whether a thing is many by its head: "trade unions", "working groups on trade"."""
    last = head(fragment)
    return last.endswith("s") and not last.endswith(("ss", "us", "is", "series"))


def _proper(fragment: str, names: frozenset[str]) -> bool:
    """Whether the thing is called by a name of its own: most of its words have capitals."""
    office = re.match(r"[A-Z]\w+", fragment)
    if office and fragments.OFFICE_OF.match(fragment[office.end() :]):
        return True
    long = [
        token
        for token in fragments.words(_HEAD_OF.split(fragment)[0])
        if (len(token) > 3 or token[0].isupper()) and not token[0].isdigit()
    ]
    if not long:
        return False
    last = long[-1]
    if len(long) == 1:
        return last[1:].lower() != last[1:] or last in names
    return last[0].isupper() and long[0][0].isupper()


def indefinite(phrase: str) -> str:
    """Return the phrase with "a" or "an", by its sound."""
    first = phrase.split()[0] if phrase.split() else ""
    letters = re.match(r"[A-Z]{2,}(?![a-z])", first)
    if letters and not re.match(r"(?:UN|NATO|UNESCO|UNICEF|SADC|MIDSA|MIDWA|COMESA)", first):
        vowel = first[0] in "AEFHILMNORSX"
    else:
        vowel = bool(_VOWEL_SOUND.match(first)) and not _YOU_SOUND.match(first)
    return f"{'an' if vowel else 'a'} {phrase}"


def quoted(text: str) -> str:
    """Return the text in quotation marks, on one line, without its final stop; inner marks become single
    ones.

    Of a text longer than 80 words only the first sentences are quoted, and […] says so.
    """
    line = re.sub(r"\.{2,}", "…", fragments.one_line(fragments.listed_lines(_beginning(text))))
    whole = _QUOTED.fullmatch(fragments.unstopped(line))
    line = whole.group(1) if whole else line
    line = re.sub(r'(^|[\s(\[])"', r"\1‘", line).replace('"', "’").replace("“", "‘").replace("”", "’")
    return f"“{_shortened(line, is_shortened(text))}”"


def title(text: str) -> str | None:
    """Return a title in quotation marks, those that were typed not doubled; None for what is no title."""
    line = fragments.one_line(text)
    found = re.match(r'["“«](?P<title>[^"“”«»]+)["”»](?P<after>\s*\([^()]*\))?[\s.,;]*$', line)
    named = fragments.bare(found["title"] if found else text)
    if not named:
        return None
    called = head(named) in TITLED or (plural(named) and not named.split()[0].endswith("ing"))
    article = "the " if called and named[0].isupper() and not named.startswith("The ") else ""
    return f"{article}{quoted(named)}{found['after'] or '' if found else ''}"


def _beginning(text: str) -> str:
    """Return the first paragraph of a text that is too long to be quoted whole, else the text."""
    first = re.split(r"\n\s*\n", text.strip())[0]
    return first if is_shortened(text) and fragments.count(first) >= FEWEST_QUOTED else text


def is_shortened(text: str) -> bool:
    """Whether only the beginning of a text is quoted."""
    return fragments.count(fragments.one_line(text)) > MAX_QUOTED


def _shortened(line: str, more: bool) -> str:
    if fragments.count(line) <= SHORTENED_TO or not more:
        return f"{line} […]" if more else fragments.unstopped(line)
    kept = ""
    for sentence in re.split(r"(?<=[.!?…]) ", line):
        longer = f"{kept} {sentence}".strip()
        if fragments.count(longer) > SHORTENED_TO:
            break
        kept = longer
    if not kept:
        kept = " ".join(line.split()[:SHORTENED_TO]).rstrip(",;:–- ")
    return f"{kept} […]"


def sentence(text: str) -> str:
    """Return the text as a sentence: capital first, one space, one stop."""
    line = re.sub(r" {2,}", " ", text).strip()
    line = re.sub(r"[\s.,;:]+$", "", line)
    first = re.match(r"\(?", line)
    at = first.end() if first else 0
    return f"{line[:at]}{line[at : at + 1].upper()}{line[at + 1 :]}." if line else ""


def years(first: str | None, last: str | None) -> str:
    """Return a span of years: "2011–2017", "since 2011", "until 2017", or nothing."""
    if first and last:
        return first if first == last else f"{first}–{last}"
    return f"since {first}" if first else f"until {last}" if last else ""


def name_words(places: Iterable[Place], iscm: Mechanism) -> frozenset[str]:
    """Return the capitalised words of the names that this summary may mention."""
    texts = [place.name for place in places] + [place.adjective or "" for place in places]
    texts += [iscm.name, iscm.short_name, iscm.acronym or ""]
    found = (word for text in texts for word in fragments.words(text))
    return frozenset(word for word in found if word[0].isupper() and word.lower() not in GENERIC)
