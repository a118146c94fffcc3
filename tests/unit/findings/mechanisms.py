"""Mechanisms and answers made at random, in every shape that people type."""

from collections.abc import Sequence
from random import Random
from typing import Any

from app.definitions import values
from app.definitions.questions import (
    BaseQuestion,
    Choice,
    Choices,
    Link,
    LongText,
    Matrix,
    Number,
    Records,
    Reference,
    ShortText,
    Year,
    YesNo,
)
from app.findings.evidence import Count, Evidence, Mechanism, Place, Setting, Terms
from app.policy import Attribution
from tests.unit.findings.building import Respondent, evidence, questionnaires

STATES = {
    "AAB": Place("Aurelia", state=True),
    "AAC": Place("Netherlands", article=True, state=True),
    "AAD": Place("Côte d'Azur", state=True),
    "AAE": Place("United Republic of Belmont", article=True, state=True),
    "AAF": Place("Türkheim", state=True),
}
OTHERS = {
    "ORG": Place("ORG"),
    "HUB": Place("Harbour Union", article=True),
    "blue-process": Place("Blue Process", article=True),
}
TYPED = (
    "new legislation on irregular migration",
    "New legislation on irregular migration.",
    "a network of focal points",
    "through the secretariat",
    "entirely through the secretariat",
    "by its members, in equal parts",
    "invited to events",
    "they meet twice a year",
    "The coast guard now reports each rescue within one hour.",
    "We value the exchange.",
    "our work with neighbours",
    "first line\nsecond line",
    "trained 40 officials",
    "has adopted a strategy",
    "to exchange views",
    "exchanging views; training officials",
    "border management, and visas",
    "EU-funded project",
    "academia group",
    "Working Group on Trade",
    "senior officials",
    "themselves",
    "etc.",
    "What next?",
    "“quoted” words",
    'a "plain" quotation',
    "an open (bracket",
    "3 new offices",
    "ÉTUDES et données",
    "Through the review of 2015 the mechanism was turned to the mobility of workers.",
    "- a point on a list",
    "a  double   space..",
    "the [draft|final] {text}",
    "word " * 60,
    "A sentence of some words. " * 40,
    "قانون جديد بشأن الهجرة",
    "x",
    "…",
    "N/A",
    "see above",
    "None.",
    "EXCHANGE of data",
    "LAW ON OPEN DATA",
    "• first point • second point",
    "- first point\n- second point",
    '"the only place of its kind"',
    "contributed to a law on visas;",
    "Aurelia and the Netherlands signed a protocol.",
    "an agreement with Aurelia and Türkheim on ports",
    "According to Aurelia, it works",
    "the frankness of Belmont",
    "AURELIA, until June 2027",
    "workers from the Netherlands",
)
ATTRIBUTIONS = (Attribution.BY_NAME,) * 5 + (
    Attribution.UNNAMED,
    Attribution.BACKGROUND,
    Attribution.NOT_FOR_PUBLICATION,
)

ALPHABET = "aeiostrnlABG  .,;:()“”'’\"-/?!é\u00a0\u200f§3%"


class Maker:
    """Makes answers at random from one seed: the same seed makes the same mechanism."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)

    def typed(self) -> str:
        """Return something that somebody typed."""
        if self.chance.random() < 0.85:
            return self.chance.choice(TYPED)
        return "".join(self.chance.choices(ALPHABET, k=self.chance.randint(1, 40)))

    def words(self) -> str:
        """Return what somebody typed for "other"."""
        return next(text for text in (self.typed() for _ in range(100)) if text.strip() and len(text) < 250)

    def value(self, question: BaseQuestion) -> Any:
        """Return an answer to one question, in its plain form."""
        match question:
            case ShortText() | LongText():
                drawn = (values.normalise(self.typed()) for _ in range(100))
                return next(text for text in drawn if text.strip() and not values.check(question, text))
            case Link():
                return "https://example.org/law"
            case Year():
                return self.chance.randint(1990, 2025)
            case Number():
                return self.chance.randint(0, 9)
            case YesNo():
                return self.chance.choice(["yes", "no", "unsure"] if question.unsure else ["yes", "no"])
            case Choice():
                option = self.chance.choice(question.options)
                return {"option": option.key, **({"other": self.words()} if option.specify else {})}
            case Choices():
                return self._choices(question)
            case Reference():
                return self._reference(question)
            case _:
                raise AssertionError(question.key)

    def _choices(self, question: Choices) -> dict[str, Any]:
        drawn = self.chance.sample(question.options, self.chance.randint(1, min(4, len(question.options))))
        kept = [option for option in drawn if option.key not in question.exclusive] or drawn[:1]
        said: dict[str, Any] = {"options": [option.key for option in question.options if option in kept]}
        return {**said, "other": self.words()} if any(option.specify for option in kept) else said

    def _reference(self, question: Reference) -> dict[str, Any]:
        if question.other and self.chance.random() < 0.3:
            return {"other": self.words()}
        codes = sorted(STATES) if question.to == "states" else sorted(OTHERS)
        return {"codes": self.chance.sample(codes, self.chance.randint(1, 3))}

    def answers(self, question: BaseQuestion) -> Any:
        """Return answers to one question of any kind, as an import file has them."""
        if isinstance(question, Matrix):
            rows = [option.key for option in question.listed()] or ["border", "labour", "data", "other"]
            return {
                row: self.value(question.cell)
                for row in self.chance.sample(rows, self.chance.randint(1, len(rows)))
            }
        if isinstance(question, Records):
            if question.none and self.chance.random() < 0.2:
                return "none"
            return [self._record(question) for _ in range(self.chance.randint(1, 4))]
        return self.value(question)

    def _record(self, question: Records) -> dict[str, Any]:
        some = self.chance.sample(question.fields, self.chance.randint(1, len(question.fields)))
        chosen = some if self.chance.random() < 0.5 else question.fields
        return {field.key: self.value(field) for field in chosen}

    def respondents(self, role: str, codes: Sequence[str]) -> list[Respondent]:
        """Return some respondents of a role with some of their questions answered."""
        asked = [
            question
            for question in questionnaires()[role].questions()
            if question.parent is None
            and not (question.concept or "about.").startswith(("about.", "outlook."))
        ]
        found = []
        for code in self.chance.sample(list(codes), self.chance.randint(0, len(codes))):
            share = self.chance.choice([0.1, 0.5, 0.9, 1.0])
            given = {q.key: self.answers(q) for q in asked if self.chance.random() < share}
            attribution = self.chance.choice(ATTRIBUTIONS if role != "iscm" else ATTRIBUTIONS[:5])
            found.append(
                Respondent(role, code, given, attribution, self.chance.choice(["en", "en", "en", "fr"]))
            )
        return found

    def setting(self) -> Setting:
        """Return a setting: a mechanism with words of its own, its members known or not."""
        members = frozenset(self.chance.sample(sorted(STATES), self.chance.randint(1, 5)))
        return Setting(
            "r",
            "Round of Trials",
            self.chance.choice(MECHANISMS),
            year=self.chance.choice([None, 2024]),
            counts=self.chance.choice(COUNTS),
            names={**STATES, **OTHERS},
            members=self.chance.choice([None, members, frozenset(STATES)]),
            asked=frozenset(STATES),
            igos_asked=frozenset({"ORG", "HUB", "blue-process"}),
        )

    def evidence(self) -> Evidence:
        """Return the evidence on one mechanism."""
        about = self.setting()
        said = self.respondents("iscm", ["here"]) + self.respondents("state", sorted(STATES))
        return evidence(said + self.respondents("igo", ["ORG", "HUB"]), about)


MECHANISMS = (
    Mechanism(
        "here",
        "Northern Forum on Workers",
        "Northern Forum",
        type="interregional",
        terms=Terms("Participating States"),
    ),
    Mechanism("here", "MIDXA", "MIDXA", type="regional", short_name_article=False),
    Mechanism(
        "here",
        "5+5 Dialogue on Ports",
        "5+5 Dialogue",
        type=None,
        terms=Terms(chair="Presidency Pro Tempore"),
    ),
)
COUNTS: tuple[dict[str, Count], ...] = (
    {},
    {"state": Count(0), "iscm": Count(1, 1), "igo": Count(1)},
    {"state": Count(6, 8), "iscm": Count(22, 31), "igo": Count(3)},
)
