"""What a mechanism calls its members, focal points and chair."""

import re

from app.findings.evidence import Terms
from app.findings.words import TERM_WORDS


class Own:
    """A mechanism's own words, in the case and number a sentence needs."""

    def __init__(self, terms: Terms, members_are_states: bool = True) -> None:
        self.member, self.members = _numbers(terms.member, "member", "members")
        usual = terms.member is None or self.member == "member"
        self.one, self.many = ("Member State", "Member States") if usual else (self.member, self.members)
        if usual and not members_are_states:
            self.one, self.many = "member", "members"
        self.focal_point, self.focal_points = _numbers(
            terms.focal_point, "national focal point", "national focal points"
        )
        self.chair = terms.chair.strip() if terms.chair and _a_term(terms.chair) else "chair"


def _a_term(term: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_]+(?:[ \-][^\W\d_]+){0,3}", term.strip()))


def _numbers(term: str | None, one: str, many: str) -> tuple[str, str]:
    """Return a term in the singular and plural, from either. "State" and names keep their capitals."""
    if not term or not _a_term(term):
        return one, many
    said = term.strip().split()
    capitals = [word for word in said if word[0].isupper() and word.lower() not in {"state", "states"}]
    alone = capitals == said[:1]
    kept = [
        word.lower() if word in capitals and (alone or word.lower() in TERM_WORDS) else word for word in said
    ]
    last = kept[-1]
    if last.lower().endswith("ies"):
        single = last[:-3] + "y"
    elif last.lower().endswith("s") and not last.lower().endswith("ss"):
        single = last[:-1]
    else:
        single = last
    plural = single[:-1] + "ies" if re.search(r"[^aeiou]y$", single) else single + "s"
    return " ".join([*kept[:-1], single]), " ".join([*kept[:-1], plural])
