"""The glossary: the terms of the questionnaires and of the service, and where a page uses them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import get_locale

from app.definitions.questions import BaseQuestion, Records
from app.i18n import _

IOM_PAGE = "https://nepal.iom.int/regional-consultative-processes-migration-rcps"
COMPACT = "https://undocs.org/A/RES/73/195"
RATES = "https://aapor.org/standards-and-ethics/standard-definitions/"


@dataclass(frozen=True)
class Source:
    """Where more is said."""

    title: str
    address: str


@dataclass(frozen=True)
class Term:
    """One term under its anchor, in plain words."""

    key: str
    name: str
    meaning: str
    source: Source | None = None


@dataclass(frozen=True)
class Group:
    """Terms that belong together."""

    key: str
    title: str
    terms: Sequence[Term]


def terms() -> list[Group]:
    """Every term, in the reader's language."""
    return [
        Group("mechanisms", _("Mechanisms"), [*_mechanisms(), *_participants()]),
        Group("inside", _("What a mechanism consists of"), [*_inside(), *_subjects(), *_forms()]),
        Group("asking", _("Asking and answering"), [*_asking(), *_sending(), *_counting()]),
        Group("using", _("What becomes of answers"), [*_using(), *_documents()]),
    ]


def _mechanisms() -> list[Term]:
    iom = Source(_("IOM on regional consultative processes"), IOM_PAGE)
    return [
        Term(
            "iscm",
            _("Inter-State consultation mechanism on migration (ISCM)"),
            _(
                "A dialogue on migration that States lead themselves. It goes on over years, is informal,"
                " and binds nobody. In short: a mechanism."
            ),
            iom,
        ),
        Term(
            "rcp",
            _("Regional consultative process (RCP)"),
            _("A mechanism whose States belong to one region."),
            iom,
        ),
        Term(
            "irf",
            _("Interregional forum (IRF)"),
            _("A mechanism that brings together States of two or more regions."),
            iom,
        ),
        Term("global", _("Global process"), _("A mechanism that is open to States of the whole world."), iom),
    ]


def _participants() -> list[Term]:
    return [
        Term(
            "igo",
            _("Inter-governmental organization (IGO)"),
            _("An organization that States have founded by a treaty and of which States are the members."),
        ),
        Term(
            "member",
            _("Member"),
            _(
                "A State, or a body that acts like one, that takes part in a mechanism with the full "
                "rights of its participants. Mechanisms have words of their own for it, such as "
                "participating State or partner country; where one is meant, its own word is used."
            ),
        ),
        Term(
            "observer",
            _("Observer"),
            _("Whoever attends meetings of a mechanism without being a member of it."),
        ),
        Term("partner", _("Partner"), _("Whoever works with a mechanism from outside.")),
        Term(
            "gcm",
            _("Global Compact for Migration"),
            _(
                "The Global Compact for Safe, Orderly and Regular Migration of 2018, with 23 objectives "
                "that States have set themselves. It is not legally binding."
            ),
            Source(_("General Assembly resolution 73/195"), COMPACT),
        ),
    ]


def _inside() -> list[Term]:
    return [
        Term(
            "chair",
            _("Chair"),
            _(
                "The State, organization or group that leads a mechanism for a time. Some mechanisms call"
                " it a presidency, or presidency pro tempore."
            ),
        ),
        Term(
            "secretariat",
            _("Secretariat"),
            _(
                "Whoever prepares meetings and keeps papers and contacts of a mechanism. Often an "
                "organization does it for several mechanisms."
            ),
        ),
        Term(
            "working-group",
            _("Working group"),
            _("A smaller circle that works on one theme, standing or for one task."),
        ),
    ]


def _subjects() -> list[Term]:
    return [
        Term(
            "theme",
            _("Thematic area"),
            _("One of the subjects on which a mechanism works, chosen from a list that is the same for all."),
        ),
        Term(
            "level",
            _("Level of governance"),
            _(
                "Where something changed. National: laws, policies and practice of single States, "
                "agreements between two of them included. (Inter)regional: what one region or several do "
                "together. Global: what reached worldwide processes."
            ),
        ),
        Term(
            "guiding-document",
            _("Strategy or guiding document"),
            _("A text, adopted by its members, that says where a mechanism wants to go."),
        ),
        Term(
            "work-plan",
            _("Work plan"),
            _("What a mechanism intends to do in one year or in several, step by step."),
        ),
    ]


def _forms() -> list[Term]:
    return [
        Term(
            "legal-personality",
            _("Legal personality"),
            _("Being able to conclude contracts, own property or employ staff in one’s own name."),
        ),
        Term(
            "bilateral",
            _("Bilateral agreement"),
            _("An agreement between two States. It is counted as an effect at the national level."),
        ),
        Term(
            "overlap",
            _("Overlap"),
            _("That two mechanisms bring the same States together on the same themes."),
        ),
    ]


def _asking() -> list[Term]:
    return [
        Term(
            "round",
            _("Round"),
            _(
                "One asking of everybody, from its opening to its closing. It keeps the register as it "
                "stood on the opening day."
            ),
        ),
        Term(
            "register",
            _("Register"),
            _(
                "What IOM knows of mechanisms, States and organizations and of who belongs to what, with "
                "dates."
            ),
        ),
        Term(
            "focal-point",
            _("Focal point"),
            _(
                "The person whom a State, mechanism or organization has named to answer for it. The focal"
                " point submits, and can give parts of the answers to colleagues."
            ),
        ),
        Term(
            "clearance",
            _("Clearance"),
            _(
                "The approval that an administration gives before its answers leave it. A clearing "
                "officer can read the answers here and approve them or send them back."
            ),
        ),
    ]


def _sending() -> list[Term]:
    return [
        Term(
            "note-verbale",
            _("Note verbale"),
            _("A formal letter between a mission and an organization, written in the third person."),
        ),
        Term(
            "draft",
            _("Draft"),
            _("Answers that are not submitted. Nobody at IOM reads them before they are."),
        ),
        Term(
            "submission",
            _("Submission"),
            _("Answers that were sent, kept exactly as they were, with the time and a reference."),
        ),
        Term(
            "amendment",
            _("Amendment"),
            _("A later submission of the same respondent. The one before it stays on record."),
        ),
        Term(
            "clarification",
            _("Clarification"),
            _("A question that IOM asks about a submitted answer."),
        ),
    ]


def _counting() -> list[Term]:
    return [
        Term(
            "cut-off",
            _("Cut-off"),
            _(
                "The moment after which answers are not taken into the analysis. What comes between the "
                "closing and the cut-off is taken, and marked as late."
            ),
        ),
        Term(
            "response-rate",
            _("Response rate"),
            _(
                "Answered of eligible. Answered: submitted in time, or late until the cut-off, here, on "
                "paper or by interview. Eligible: all who were invited, less those who should not have "
                "been asked and those who were asked twice. Who declined stays in the base."
            ),
            Source(_("Standard definitions of survey research (AAPOR)"), RATES),
        ),
    ]


def _using() -> list[Term]:
    return [
        Term(
            "attribution",
            _("Attribution"),
            _(
                "How an answer may be quoted. Its respondent chooses before submitting: for all answers, "
                "for a mechanism, or for a single one. It can be made stricter at any time."
            ),
        ),
        Term("by-name", _("By name"), _("A sentence may say who reported it.")),
        Term(
            "a-member-state",
            _("As “a Member State”"),
            _("Counted and paraphrased, never named; no document shows who said it."),
        ),
        Term("background", _("Background only"), _("Read by IOM’s analysts, and printed in no document.")),
        Term(
            "not-for-publication",
            _("Not for publication"),
            _("It leaves no trace in documents or exports, and is in no count that others see."),
        ),
    ]


def _documents() -> list[Term]:
    return [
        Term(
            "summary",
            _("Summary of findings"),
            _("A text of one to two pages about one mechanism, made from what was answered about it."),
        ),
        Term(
            "statement",
            _("Statement and citation"),
            _("A sentence of a summary, and the answers on which it rests."),
        ),
        Term(
            "base",
            _("Base"),
            _(
                "Of how many a count is: 12 of 34. Where it is not known, this is said, and no per cent "
                "is given."
            ),
        ),
    ]


_USED = {
    "iscm": r"consultation mechanism",
    "observer": r"observers?\b",
    "gcm": r"global compact",
    "chair": r"\bchair",
    "secretariat": r"secretariat",
    "working-group": r"working groups?",
    "theme": r"thematic areas?",
    "level": r"governance|at which levels? ",
    "guiding-document": r"guid(?:es|ing)\b",
    "work-plan": r"work plan",
    "legal-personality": r"legal personality",
    "bilateral": r"bilateral|agreements with other states",
    "overlap": r"overlap",
    "focal-point": r"focal points?",
    "clearance": r"\bcleared|clearance",
}
"""Term → how it stands in the English words of a question."""


@lru_cache(maxsize=512)
def used_in(words: str) -> tuple[str, ...]:
    """The keys of the terms that the words use, in the order of the glossary."""
    return tuple(key for key, pattern in _USED.items() if re.search(pattern, words, re.IGNORECASE))


def on_page(questions: Iterable[BaseQuestion]) -> list[Term]:
    """The terms that the questions of a page use, in the reader's language."""
    said: list[str] = []
    for question in questions:
        fields = question.fields if isinstance(question, Records) else ()
        for each in (question, *fields):
            said += [words.in_locale("en") for words in (each.text, each.label, each.hint) if words]
    return named(used_in(" ".join(said)))


def named(keys: Sequence[str]) -> list[Term]:
    """The terms with these keys, in their order."""
    every = _every(str(get_locale()))
    return [every[key] for key in keys]


@lru_cache(maxsize=16)
def _every(_locale: str) -> Mapping[str, Term]:
    """Every term by its key, in the language of the request, which the locale names."""
    return {term.key: term for group in terms() for term in group.terms}
