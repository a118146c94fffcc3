"""The differences of two versions as a page shows them: in words, by class, old and new side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from app.definitions.aligning import Budget
from app.definitions.comparing import ORDER, Difference, Kind, compare, strictest
from app.definitions.schema import Questionnaire
from app.i18n import _
from app.web.questionnaires.saying import conditions_of
from app.web.respond.differing import only_in

STEPS = 1_000_000
"""Steps of comparing words that one page may cost."""


@dataclass(frozen=True)
class Row:
    """One difference: where, what, and the two texts; ``old`` with what is gone marked, ``new`` with what is
    new.
    """

    where: str
    key: str
    what: str
    old: Markup
    new: Markup


@dataclass(frozen=True)
class Group:
    """The differences of one class, with what that class means for a running round."""

    kind: Kind
    tag: str
    title: str
    means: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Compared:
    """Two versions side by side."""

    kind: Kind | None
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        """How many differences there are."""
        return sum(len(group.rows) for group in self.groups)


def kind_names() -> dict[Kind, tuple[str, str, str]]:
    """Each class: the tag that shows it, its name, what it means for a running round."""
    return {
        "forbidden": (
            "wrong",
            _("Forbidden"),
            _("A key means something else. This version can only be asked in a new round."),
        ),
        "narrowing": (
            "look",
            _("Narrowing"),
            _("An answer may no longer fit, or more is required. Only what is not submitted can move."),
        ),
        "widening": (
            "under-way",
            _("Widening"),
            _("More can be answered than before. All responses can move."),
        ),
        "wording": ("neutral", _("Wording"), _("Only words or places changed. All responses can move.")),
    }


def compared(old: Questionnaire, new: Questionnaire) -> Compared:
    """What differs, the strictest class first. Raises ValueError for two questionnaires."""
    differences, budget = compare(old, new), Budget(STEPS)
    names = kind_names()
    groups = [
        Group(
            kind,
            *names[kind],
            rows=tuple(_row(old, new, each, budget) for each in differences if each.kind == kind),
        )
        for kind in reversed(ORDER)
    ]
    return Compared(strictest(differences), tuple(group for group in groups if group.rows))


def _row(old: Questionnaire, new: Questionnaire, each: Difference, budget: Budget) -> Row:
    before, after = each.old, each.new
    if each.rules is not None:
        said = zip((old, new), each.rules, strict=True)
        before, after = (
            conditions_of(which).only_if(rule) if rule is not None else _("Always asked.")
            for which, rule in said
        )
    if before and after:
        shown = _struck(before, after, budget), only_in(after, before, budget)
    else:
        shown = escape(before), escape(after)
    return Row(_where(old, new, each.key), each.key, what_words(each.what), *shown)


def _struck(before: str, after: str, budget: Budget) -> Markup:
    """The old text with what only it has struck."""
    own = str(only_in(before, after, budget)).replace("<ins>", "<del>").replace("</ins>", "</del>")
    return Markup(own)  # noqa: S704 # nosec B704 - what `only_in` made, escaped there


def _limit(name: str) -> str:
    """What a limit of a question is called."""
    named = {
        "max_words": _("The number of words"),
        "max_chars": _("The number of characters"),
        "max_choices": _("The number of choices"),
        "max": _("The upper limit"),
        "min": _("The lower limit"),
        "attachments": _("The number of files and links"),
        "unsure": _("“Not sure” as an answer"),
        "several": _("Several names"),
        "other": _("Own words"),
    }
    return named.get(name, name)


def _where(old: Questionnaire, new: Questionnaire, key: str) -> str:
    """The question or section that an address speaks of, by its words."""
    if not key:
        return _("The whole questionnaire")
    bare = key.removeprefix("questions.")
    for questionnaire in (new, old):
        for address in _upwards(bare):
            place = questionnaire.places.get(address)
            if place is not None:
                return str(place.question.name)
            section = address.removeprefix("sections.").removeprefix("pages.")
            found = next((each for each in questionnaire.sections if each.key == section), None)
            if found is not None:
                return str(found.title)
    return _("The whole questionnaire")


def _upwards(address: str) -> Sequence[str]:
    parts = address.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]


def what_words(what: str) -> str:
    """What happened, as a reader is told."""
    if found := {**_of_questions(), **_of_the_rest()}.get(what):
        return found
    for end, words in (
        ("allows more", _("%(limit)s: more is allowed")),
        ("allows less", _("%(limit)s: less is allowed")),
    ):
        if what.endswith(end):
            return words % {"limit": _limit(what.removesuffix(end).strip(" “”"))}
    return what[:1].upper() + what[1:]


def _of_questions() -> dict[str, str]:
    return {
        "question added": _("Question added"),
        "question removed": _("Question removed"),
        "option added": _("Option added"),
        "option removed": _("Option removed"),
        "the words changed": _("The words changed"),
        "words added": _("Words added"),
        "words removed": _("Words removed"),
        "now required": _("Now required"),
        "no longer required": _("No longer required"),
        "asked without condition": _("Asked without condition"),
        "the condition changed": _("The condition changed"),
        "the kind changed": _("The kind changed"),
        "the kind of the cells changed": _("The kind of the cells changed"),
        "the concept changed": _("The concept changed"),
        "the question moved to another page": _("The question moved to another page"),
        "the order of the questions changed": _("The order of the questions changed"),
        "“none” is an answer now": _("“None” is an answer now"),
        "“none” is no answer now": _("“None” is no answer now"),
    }


def _of_the_rest() -> dict[str, str]:
    return {
        "the options that stand alone changed": _("The options that stand alone changed"),
        "own words are asked otherwise than before": _("Own words are asked otherwise than before"),
        "what is offered beside it changed": _("What is offered beside it changed"),
        "it moved behind or before “Say more”": _("It moved behind or before “Say more”"),
        "the question moved into or out of the blocks for each mechanism": _(
            "The question moved into or out of the part for each mechanism"
        ),
        "the order of the options changed": _("The order of the options changed"),
        "the warnings changed": _("The warnings changed"),
        "the rows come from elsewhere": _("The rows come from elsewhere"),
        "how it is shown changed": _("How it is shown changed"),
        "whole numbers only": _("Whole numbers only"),
        "fractions allowed": _("Fractions allowed"),
        "the section repeats otherwise than before": _("The section repeats otherwise than before"),
        "a section repeated for each mechanism was added": _("A part for each mechanism was added"),
        "a section repeated for each mechanism was removed": _("A part for each mechanism was removed"),
        "it refers to others than before": _("It refers to others than before"),
    }
