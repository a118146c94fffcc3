"""Evidence for tests: from import files and questionnaires, without a database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from app.definitions import loader, source, values
from app.definitions.questions import Matrix, Records
from app.definitions.schema import Questionnaire
from app.findings.answers import Wording, item_of, subject_of
from app.findings.compiler import compile_summary
from app.findings.evidence import Count, Evidence, Item, Mechanism, Place, Role, Setting, Terms
from app.findings.plan import Plan, load_plan
from app.findings.prose import place
from app.findings.summary import Statement, Summary
from app.policy import Attribution

ROOT = Path(__file__).parents[3]
QUESTIONNAIRES = ROOT / "questionnaires"
EAP = ROOT / "tests" / "cases" / "eap-2019"

EAP_MEMBERS = frozenset(
    [
        "ARM",
        "AUT",
        "AZE",
        "BEL",
        "BGR",
        "BLR",
        "CYP",
        "CZE",
        "DEU",
        "DNK",
        "ESP",
        "EST",
        "FIN",
        "FRA",
        "GBR",
        "GEO",
        "GRC",
        "HRV",
        "HUN",
        "IRL",
        "ITA",
        "LTU",
        "LUX",
        "LVA",
        "MDA",
        "MLT",
        "NLD",
        "POL",
        "PRT",
        "ROU",
        "SVK",
        "SVN",
        "SWE",
        "UKR",
    ]
)
PLACES: dict[str, Place] = {
    "GEO": Place("Georgia", adjective="Georgian", state=True),
    "UKR": Place("Ukraine", adjective="Ukrainian", state=True),
    "POL": Place("Poland", adjective="Polish", state=True),
    "LTU": Place("Lithuania", adjective="Lithuanian", state=True),
    "MDA": Place("Republic of Moldova", article=True, state=True),
    "CHE": Place("Switzerland", state=True),
    "NLD": Place("Netherlands", article=True, state=True),
    "ARM": Place("Armenia", state=True),
    "AZE": Place("Azerbaijan", state=True),
    "BEL": Place("Belgium", state=True),
    "CZE": Place("Czechia", state=True),
    "IOM": Place("IOM"),
    "ICMPD": Place("ICMPD"),
    "UNHCR": Place("UNHCR"),
    "EC": Place("European Commission", article=True),
    "EEAS": Place("European External Action Service", article=True),
    "EU": Place("European Union", article=True),
    "prague-process": Place("Prague Process", article=True),
}
EAP_PANEL = Mechanism(
    code="eap-panel",
    name="Eastern Partnership Panel on Migration, Mobility and Integrated Border Management",
    short_name="EaP Panel",
    acronym="EaP Panel",
    type="regional",
    established=2001,
)
WHEN = "2019"


@cache
def questionnaires() -> dict[str, Questionnaire]:
    """Return the three questionnaires."""
    return loader.load_all(QUESTIONNAIRES)


@cache
def plan() -> Plan:
    """Return the plan of the summary."""
    return load_plan(QUESTIONNAIRES / "findings" / "iscm.yaml", QUESTIONNAIRES)


def setting(**changes: Any) -> Setting:
    """Return the setting of the Eastern Partnership Panel in 2019."""
    usual = Setting(
        round_code="2019",
        round_title="2019 assessment of inter-State consultation mechanisms on migration",
        iscm=EAP_PANEL,
        zone="Europe/Zurich",
        year=2019,
        counts={"state": Count(46, None, "IOM"), "iscm": Count(22, 31, "IOM"), "igo": Count(3, None, "IOM")},
        names=PLACES,
        members=EAP_MEMBERS,
        asked=frozenset({"GEO", "UKR", "POL", "LTU"}),
    )
    return replace(usual, **changes)


@dataclass
class Respondent:
    """One respondent's answers in the form of an import file."""

    role: str
    code: str
    answers: Mapping[str, Any]
    attribution: Attribution = Attribution.BY_NAME
    language: str = "en"
    translated: Mapping[str, str] = field(default_factory=dict)
    """Approved translations by original text."""


def items(respondent: Respondent, about: Setting) -> Iterator[Item]:
    """Return the items of a respondent's answers about one mechanism."""
    questionnaire = questionnaires()[respondent.role]
    known = about.names.get(respondent.code, Place(respondent.code))
    subject = subject_of(about.iscm.short_name, about.iscm.short_name_article)
    speaker = subject if respondent.role == "iscm" else place(known)
    wording = Wording(Role(respondent.role), speaker, subject, about.names)
    for number, (group, key, instance, row, value) in enumerate(_flat(questionnaire, respondent.answers), 1):
        original = (
            value
            if isinstance(value, str)
            else (value or {}).get("other", "")
            if isinstance(value, dict)
            else ""
        )
        item = item_of(
            questionnaire,
            group,
            key,
            row,
            value,
            wording,
            respondent=respondent.code,
            instance=f"{respondent.code}-{instance}" if instance else None,
            attribution=respondent.attribution,
            language=respondent.language,
            translated=respondent.translated.get(original),
            revision=1,
            revision_id=f"{respondent.code}/{number}",
            answered_on=WHEN,
        )
        if item is not None:
            yield item


def _flat(
    questionnaire: Questionnaire, answers: Mapping[str, Any]
) -> Iterator[tuple[str | None, str, str, str, Any]]:
    for key, raw in answers.items():
        question = questionnaire.question(key)
        if isinstance(question, Matrix):
            for row, value in values.cells_from_file(question, raw).items():
                yield None, key, "", row, value
        elif isinstance(question, Records):
            records = values.records_from_file(question, raw)
            if isinstance(records, str):
                yield None, key, "", "", records
                continue
            for place_, record in enumerate(records):
                for field_key, value in record.items():
                    yield key, field_key, f"{key}-{place_}", "", value
        else:
            yield None, key, "", "", values.from_file(question, raw)


def respondent_of(path: Path, mechanism: str) -> Respondent:
    """Return the respondent of an import file, as far as it speaks of the mechanism."""
    data = source.read(path, path.parent).data
    role = data["audience"]
    answers = data["answers"] if role == "iscm" else data["mechanisms"].get(mechanism, {}).get("answers", {})
    return Respondent(role, data["organisation"], answers, Attribution(data["attribution"]), data["language"])


@cache
def eap_respondents() -> tuple[Respondent, ...]:
    """Return the five of the case."""
    return tuple(respondent_of(path, "eap-panel") for path in sorted((EAP / "responses").glob("*.yaml")))


def evidence(
    respondents: Iterator[Respondent] | tuple[Respondent, ...] | list[Respondent], about: Setting
) -> Evidence:
    """Return the evidence of these respondents."""
    return Evidence(about, tuple(item for respondent in respondents for item in items(respondent, about)))


def compiled(*respondents: Respondent, about: Setting | None = None) -> Summary:
    """Return the summary of these respondents' answers."""
    return compile_summary(plan(), evidence(list(respondents), about or setting()))


def texts(summary: Summary, section: str | None = None) -> list[str]:
    """Return the sentences of a summary, or of one of its sections."""
    return [s.text for part in summary.sections if section in (None, part.key) for s in part.statements]


def statements(summary: Summary, section: str) -> tuple[Statement, ...]:
    """Return the statements of a section."""
    return next(part.statements for part in summary.sections if part.key == section)


TRAINING = QUESTIONNAIRES / "demo" / "training"
SLOPPY = ROOT / "tests" / "cases" / "training" / "meridian"
SUBMITTED = ("HCO", "XAA", "XAB", "XAC", "XAD", "XAF", "XAG", "sable-dialogue")


def training_setting(mechanism: str = "sable-dialogue", **changes: Any) -> Setting:
    """Return the setting of a mechanism in the Training round, from the round's own register."""
    register = source.read(TRAINING / "register.yaml", TRAINING).data
    names = {
        o["code"]: Place(o["name"], o["name_article"], state=o["kind"] == "state")
        for o in register["organisations"]
    }
    mechanisms = {m["id"]: m for m in register["iscms"]}
    names |= {
        code: Place(m["short_name"], m.get("short_name_article", True)) for code, m in mechanisms.items()
    }
    about = mechanisms[mechanism]
    usual = Setting(
        round_code="training",
        round_title="Training round (fictional)",
        iscm=Mechanism(
            code=mechanism,
            name=about["name"],
            short_name=about["short_name"],
            acronym=about.get("acronym"),
            type=about["type"],
            terms=Terms(about["member_term"], about["focal_point_term"], about.get("chair_term")),
            short_name_article=True,
        ),
        zone="Europe/Zurich",
        year=2026,
        counts={"state": Count(6, 8), "iscm": Count(1, 3), "igo": Count(1, 2)},
        names=names,
        members=frozenset(about["members"]) if about["members_known_from"] else None,
        asked=frozenset(code for code in names if code.startswith("XA")),
        igos_asked=frozenset({"HCO", "IMS"}),
    )
    return replace(usual, **changes)


def training_respondents() -> tuple[Respondent, ...]:
    """Return those who submitted answers about the Sable Dialogue."""
    found = (respondent_of(TRAINING / "responses" / f"{code}.yaml", "sable-dialogue") for code in SUBMITTED)
    return tuple(respondent for respondent in found if respondent.answers)


def sloppy_respondents() -> tuple[Respondent, ...]:
    """Return those who answered about the Meridian Process, as tired people type."""
    return tuple(respondent_of(path, "meridian-process") for path in sorted(SLOPPY.glob("*.yaml")))
