"""Answers of organisations that do not exist, put together from the demonstration's own words. Pure.

The same words and codes give the same answers on every machine and in every order: each draw is decided by
the digest of what is drawn for whom, so that one State more changes nobody else's answers.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

SEED = "Training round, first edition"

Item = TypeVar("Item")
Words = Mapping[str, Any]
Answers = dict[str, Any]


@dataclass(frozen=True)
class Draw:
    """Draws for one respondent; ``for_`` tells one from another."""

    for_: str

    def below(self, what: str, end: int) -> int:
        """A whole number from 0 up to but without the end."""
        digest = hashlib.sha256(f"{SEED}/{self.for_}/{what}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % end

    def one(self, what: str, items: Sequence[Item]) -> Item:
        """One of them."""
        return items[self.below(what, len(items))]

    def some(self, what: str, items: Sequence[Item], number: int) -> list[Item]:
        """So many of them, none twice."""
        places = sorted(range(len(items)), key=lambda place: self.below(f"{what}/{place}", 1 << 40))
        return [items[place] for place in places[:number]]

    def chance(self, what: str, of: int) -> bool:
        """True once in so many."""
        return self.below(what, of) == 0


@dataclass(frozen=True)
class Respondent:
    """Who answers: code and audience, who asks to be the contact, about which mechanisms, and what the
    register knows (by question) of a mechanism that answers about itself.
    """

    code: str
    audience: str
    contact: str
    function: str
    mechanisms: Sequence[str] = ()
    name: str = ""
    known: Mapping[str, Any] | None = None
    states: Sequence[str] = ()
    brief: bool = False
    """Whether only a few words are said: of a round that is over, little is read again."""


def written(who: Respondent, words: Words, *, whole: bool, round_code: str) -> Answers:
    """The answers as a file of ``flask responses import``; not ``whole`` is a draft, begun and not done."""
    make = {"state": _of_state, "iscm": _of_mechanism, "igo": _of_organization}[who.audience]
    writer = _Writer(who, words, Draw(f"{round_code}/{who.code}"), whole)
    about = {"contact_name": who.contact, "contact_role": who.function}
    answers, blocks = make(writer)
    if whole:
        about["clearance"] = writer.draw.one("clearance", ("cleared", "cleared", "not_needed"))
        answers |= _outlook(writer)
    file: Answers = {
        "round": round_code,
        "organisation": who.code,
        "audience": who.audience,
        "language": "en",
        "answers": {**about, **answers},
        "mechanisms": {code: {"answers": block} for code, block in blocks.items()},
    }
    if whole:
        file["attribution"] = _attribution(writer)
    return file


@dataclass(frozen=True)
class _Writer:
    who: Respondent
    words: Words
    draw: Draw
    whole: bool

    def say(self, what: str, template: str) -> str:
        """A template with its slots filled; what begins with a slot begins with a capital where it must."""
        said = template
        for slot, choices in self.words["slots"].items():
            said = said.replace("{" + slot + "}", self.draw.one(f"{what}/{slot}", choices))
        year = str(2019 + self.draw.below(f"{what}/year", 7))
        return said.replace("{year}", year).replace("{name}", self.who.name)

    def one(self, what: str, templates: Sequence[str]) -> str:
        """One of the templates, said."""
        return self.say(what, self.draw.one(what, templates))

    def some(self, what: str, templates: Sequence[str], number: int) -> list[str]:
        """Several of the templates, said."""
        return [self.say(f"{what}/{each}", each) for each in self.draw.some(what, templates, number)]


def _attribution(writer: _Writer) -> str:
    """By name for most; a mechanism cannot be one of many."""
    choices = ("by_name", "by_name", "by_name", "unnamed", "background")
    chosen = writer.draw.one("attribution", choices)
    return "by_name" if writer.who.audience == "iscm" else chosen


def _outlook(writer: _Writer) -> Answers:
    draw, words = writer.draw, writer.words
    found: Answers = {"relevance": draw.one("relevance", ("very", "very", "relevant", "relevant", "limited"))}
    if not draw.chance("no reason", 3):
        found["relevance_why"] = writer.one("relevance_why", words["relevance_why"])
    if not draw.chance("no sustainability", 3):
        found["sustainability"] = writer.one("sustainability", words["sustainability"])
    number = 0 if writer.who.brief else draw.below("recommendations", 3)
    if number:
        said = writer.some("recommendations", words["recommendations"], number)
        found["recommendations"] = [{"recommendation": each} for each in said]
    return found


def _of_state(writer: _Writer) -> tuple[Answers, dict[str, Answers]]:
    mechanisms = writer.who.mechanisms if writer.whole else writer.who.mechanisms[:1]
    return {}, {code: _block_of_state(writer, code) for code in mechanisms}


def _block_of_state(writer: _Writer, about: str) -> Answers:
    draw, words = writer.draw, writer.words
    several = len(writer.who.mechanisms) > 1
    if several and draw.chance(f"{about}/inactive", 9):
        return {"takes_part": "no", "inactive_reason": draw.one(about, ("no_capacity", "not_relevant"))}
    block: Answers = {"takes_part": "yes"}
    number = draw.below(f"{about}/effects", 2 if writer.who.brief else 4)
    block["effects"] = _effects(writer, about, number) if number else "none"
    if not writer.whole:
        return block
    reasons = ("exchange", "network", "trust", "capacity", "coordination", "projects", "data", "partnerships")
    block["reasons"] = draw.some(f"{about}/reasons", reasons, 1 + draw.below(f"{about}/many", 3))
    many = 1 if writer.who.brief else 1 + draw.below(f"{about}/values", 2)
    values = writer.some(f"{about}/values", words["values"], many)
    block["values"] = [{"value": each} for each in values]
    if not draw.chance(f"{about}/no help", 3):
        block["would_help"] = writer.one(f"{about}/would_help", words["would_help"])
    if draw.chance(f"{about}/more", 2):
        block |= _more_of_state(writer, about)
    return block


def _more_of_state(writer: _Writer, about: str) -> Answers:
    """What stands behind *Say more*."""
    draw, words = writer.draw, writer.words
    themes = [each["theme"] for each in words["effects"]]
    return {
        "themes_matter": sorted(set(draw.some(f"{about}/matter", themes, 3))),
        "level": draw.one(f"{about}/level", ("senior", "expert", "expert", "ministerial", "mission")),
        "regularity": draw.one(f"{about}/regularity", ("nearly_every", "nearly_every", "some", "rarely")),
        "contributes": [draw.one(f"{about}/contributes", ("money", "staff", "hosting", "none"))],
        "home_example": writer.one(f"{about}/home", words["home_examples"]),
        "synergies": writer.one(f"{about}/synergies", words["synergies"]),
    }


def _effects(writer: _Writer, about: str, number: int) -> list[Answers]:
    found = []
    for place, each in enumerate(writer.draw.some(f"{about}/effect", writer.words["effects"], number)):
        what = f"{about}/effect/{place}"
        record: Answers = {
            "kinds": list(each["kinds"]),
            "example": writer.say(what, each["words"]),
            "year": 2020 + writer.draw.below(f"{what}/when", 6),
            "theme": each["theme"],
        }
        others = [code for code in writer.who.states if code != writer.who.code]
        if "bilateral" in each["kinds"] and others:
            record["with"] = [writer.draw.one(f"{what}/with", others)]
        found.append(record)
    return found


def _of_mechanism(writer: _Writer) -> tuple[Answers, dict[str, Answers]]:
    """What the register knows is confirmed as it stands; the rest is said."""
    draw, words, known = writer.draw, writer.words["iscm"], dict(writer.who.known or {})
    answers: Answers = {**known, "change": writer.one("change", words["change"])}
    if not writer.whole:
        return answers, {}
    themes = [each for each in known.get("themes", {}).get("options", []) if each != "other"]
    answers["theme_how"] = {each: writer.one(f"how/{each}", words["theme_how"]) for each in themes}
    answers["work_plan"] = draw.one("work_plan", ("annual", "multi_annual", "annual"))
    answers["work_plan_adopted_by"] = writer.one("adopted", words["adopted_by"])
    answers |= _examples_of_mechanism(writer)
    if writer.who.brief:
        return answers, {}
    answers |= _structures(writer) | _partners(writer)
    answers["offers"] = [{"value": each} for each in writer.some("offers", words["offers"], 3)]
    example = {"example": writer.one("added", words["added_examples"])}
    return {**answers, "added_examples": [example]}, {}


def _examples_of_mechanism(writer: _Writer) -> Answers:
    chosen = writer.draw.some("examples", writer.words["iscm"]["examples"], 3)
    examples = [
        {"level": each["level"], "what": writer.say(each["words"], each["words"]), "year": 2020 + place}
        for place, each in enumerate(chosen)
    ]
    return {"levels": sorted({each["level"] for each in chosen}), "examples": examples}


def _structures(writer: _Writer) -> Answers:
    draw, words = writer.draw, writer.words["iscm"]
    functions = writer.some("functions", words["functions"], 3)
    challenges = writer.some("challenges", words["challenges"], 2)
    bodies = draw.some("bodies", words["bodies"], 2)
    return {
        "legal_personality": draw.one("legal", ("no", "no", "yes")),
        "governing_document": "no",
        "chair_term_years": 1 + draw.below("term", 3),
        "secretariat_functions": [{"function": each} for each in functions],
        "steered_by": writer.one("steered", words["steered_by"]),
        "focal_network": draw.one("network", ("yes", "yes", "no")),
        "bodies": [{"name": each, "kind": "working_group", "standing": "standing"} for each in bodies],
        "financing_models": [draw.one("money", ("member_contributions", "host_or_chair", "regional_budget"))],
        "financing_how": writer.one("financing", words["financing_how"]),
        "financing_stable": draw.one("stable", ("yes", "no")),
        "travel": [{"who": who, "paid_by": by} for who, by in draw.some("travel", words["travel"], 2)],
        "challenges": [{"challenge": each} for each in challenges],
        "overlaps": "none",
    }


def _partners(writer: _Writer) -> Answers:
    draw = writer.draw
    categories = ("other_iscms", "igos", "regional_unions", "civil_society", "academia", "diaspora")
    degrees = ("regularly", "sometimes", "as_needed", "no")
    degree = {each: draw.one(f"degree/{each}", degrees) for each in categories}
    how = writer.words["iscm"]["partners"]
    partners = [
        {"category": each, "how": writer.one(f"partners/{each}", how)}
        for each in categories
        if degree[each] != "no"
    ]
    return {"degree": degree, "partners": partners[:3]}


def _of_organization(writer: _Writer) -> tuple[Answers, dict[str, Answers]]:
    mechanisms = writer.who.mechanisms if writer.whole else writer.who.mechanisms[:1]
    return {}, {code: _block_of_organization(writer, code) for code in mechanisms}


def _block_of_organization(writer: _Writer, about: str) -> Answers:
    draw, words = writer.draw, writer.words["igo"]
    block: Answers = {
        "takes_part": "yes",
        "role": [draw.one(f"{about}/role", ("observer", "expert", "donor", "implementing"))],
        "form": writer.one(f"{about}/form", words["form"]),
    }
    if not writer.whole:
        return block
    chosen = draw.one(f"{about}/example", writer.words["iscm"]["examples"])
    what = writer.say(f"{about}/example", chosen["words"])
    block["igo_examples"] = [{"level": chosen["level"], "what": what, "year": 2024}]
    block["igo_value"] = [{"value": writer.one(f"{about}/value", words["value"])}]
    return block
