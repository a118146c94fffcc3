"""A made-up summary with every kind of source, for the documents."""

from datetime import UTC, datetime

from app.findings.evidence import Count, Coverage, Mechanism, Place, Role, Setting
from app.findings.summary import Citation, Section, Statement, Summary

COMPILED = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
ANSWERED = "2026-10-05"
SETTING = Setting(
    round_code="training",
    round_title="Training round (fictional)",
    iscm=Mechanism("sable-dialogue", "Sable Dialogue on the Movement of People", "Sable Dialogue", None),
    zone="Europe/Zurich",
    counts={
        "state": Count(7, 8, "register"),
        "iscm": Count(2, 3, "register"),
        "igo": Count(1, 2, "register"),
    },
    names={"XAA": Place("Alderan Islands", article=True), "XAB": Place("Borovia"), "IMS": Place("IMS")},
)


def by_name(
    role: Role, respondent: str, question: str, revision: int = 1, confirmed: bool = False
) -> Citation:
    """A citation of an answer that may be named."""
    return Citation(
        role=role,
        respondent=respondent,
        concept="contribution.effects",
        question=question,
        said="what was said",
        revision=revision,
        revision_id="0190-secret",
        answered_on=ANSWERED,
        by="Nino Beridze",
        confirmed=confirmed,
        behind=("0190-secret",),
    )


def unnamed(question: str, behind: str = "0190-secret") -> Citation:
    """A citation of an answer of “a Member State”."""
    return Citation(
        role=Role.STATE, respondent=None, concept="contribution.effects", question=question, behind=(behind,)
    )


def statement(key: str, text: str, *citations: Citation, label: str | None = None) -> Statement:
    """A statement as the compiler gives it."""
    return Statement(key=key, text=text, label=label, citations=citations, rule="rule", digest="digest")


REGISTER = Citation(
    role=Role.REGISTER, respondent=None, concept="register", question="Register of mechanisms: name and type"
)
COUNTED = Citation(role=Role.COUNT, respondent=None, concept="count", question="Respondents of the round")
LAUNCHED = by_name(Role.ISCM, "sable-dialogue", "In which year was it launched?", confirmed=True)
EVOLUTION = Section(
    "evolution",
    "Evolution",
    (statement("k1", "It was launched in 2017.", LAUNCHED), statement("k2", "It grew.", LAUNCHED)),
)


def _contribution(behind: tuple[str, ...]) -> Section:
    secret = [unnamed("What changed?", who) for who in behind or ("0190-secret",)]
    what = by_name(Role.STATE, "XAA", "What changed in the Alderan Islands?", revision=3)
    where = by_name(Role.STATE, "XAA", "With whom?")
    helped = by_name(Role.IGO, "IMS", "What helped?")
    national = "National: The Alderan Islands and another State reported it."
    regional = "Regional: An organization helped."
    statements = (
        statement("k3", national, *secret, what, where, label="National"),
        statement("k4", regional, helped, label="Regional"),
    )
    return Section("contribution", "Contribution", statements)


def summary(*behind: str) -> Summary:
    """Introduction, evolution, an empty section, and a contribution resting on named and unnamed answers."""
    introduction = statement("k0", "Seven of the eight States asked answered.", REGISTER, COUNTED)
    return Summary(
        round_code="training",
        iscm="sable-dialogue",
        locale="en",
        counts=SETTING.counts,
        coverage=Coverage(7, 4),
        sections=(
            Section("intro", "Introduction", (introduction,)),
            EVOLUTION,
            _contribution(behind),
            Section("structures", "Structures", ()),
        ),
        gaps=("Nobody answered about the global level.",),
    )
