"""Answers from files: the round trip is exact, every fault is told at once, and nothing is half done."""

import copy
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import AnswerRevision, Audience, RepeatInstance, Response, Via
from app.policy import SYSTEM, Attribution
from app.queries.response_files import as_file
from app.services import importing, repeating, submitting
from app.services.answering import Change
from app.services.errors import ImportRefused, NotAllowed, ResponseLocked
from tests.factories import NOW, World, world

FULL: dict[str, Any] = {
    "format": "rapporteur-response/1",
    "round": "r1",
    "organisation": "AAA",
    "audience": "state",
    "questionnaire": {"key": "state", "version": 1},
    "language": "en",
    "attribution": "by_name",
    "answers": {"contact_name": "Ann Person", "outlook": "Deux lignes\nen français"},
    "marks": [{"question": "outlook", "attribution": "background", "language": "fr"}],
    "mechanisms": {
        "alpha": {
            "attribution": "unnamed",
            "answers": {
                "takes_part": "yes",
                "reasons": {"options": ["exchange", "other"], "other": "Prestige"},
                "words": "a fair",
                "effects": [
                    {
                        "example": "a law",
                        "year": 2018,
                        "partners": {"codes": ["BBB", "CCC"], "other": "Ruritania"},
                    },
                    {"example": "a policy"},
                ],
                "degree": {"states": {"option": "often"}, "igos": {"option": "never"}},
            },
            "marks": [
                {"question": "effects", "record": 1, "attribution": "background"},
                {"question": "effects", "record": 1, "field": "year", "attribution": "not_for_publication"},
                {"question": "degree", "row": "igos", "attribution": "by_name"},
            ],
        },
        "beta": {"attribution": None, "answers": {"takes_part": "no", "why_not": "Far away"}},
        "gamma": {"attribution": None, "answers": {"takes_part": "yes", "effects": "none"}},
    },
}


@pytest.fixture
def made(session: Session) -> World:
    return world(session)


def bring(made: World, data: object, **options: Any) -> importing.Report:
    return importing.import_response(made.session, data, made.actors["coordinator"], NOW, **options)


def exported(made: World, code: str = "AAA") -> dict[str, Any]:
    return as_file(made.session, made.session.get_one(Response, made.response(code), populate_existing=True))


def counted(session: Session, table: type[AnswerRevision] | type[RepeatInstance]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def faults(made: World, data: object) -> Sequence[str]:
    with pytest.raises(ImportRefused) as refused:
        bring(made, data)
    return refused.value.errors


def test_the_round_trip_is_exact(made: World) -> None:
    report = bring(made, FULL)
    assert report.mechanisms_added == ["gamma"]
    assert exported(made) == FULL
    other = {**copy.deepcopy(FULL), "organisation": "BBB"}
    bring(made, other)
    assert exported(made, "BBB") == other


def test_a_second_import_of_the_same_file_changes_nothing(made: World) -> None:
    bring(made, FULL)
    before = (counted(made.session, AnswerRevision), counted(made.session, RepeatInstance))
    report = bring(made, FULL)
    assert (report.stored, report.records_added, report.records_removed) == (0, 0, 0)
    assert (counted(made.session, AnswerRevision), counted(made.session, RepeatInstance)) == before
    assert exported(made) == FULL


def test_short_forms_and_names_are_understood(made: World) -> None:
    short = {
        "round": "r1",
        "organisation": "AAA",
        "attribution": "by name",
        "answers": {"contact_name": "Ann"},
        "mechanisms": {
            "alpha": {
                "answers": {
                    "takes_part": True,
                    "reasons": ["exchange"],
                    "effects": [{"partners": ["borduria", "CCC"]}],
                    "degree": {"states": "often"},
                }
            }
        },
    }
    bring(made, short)
    written = exported(made)["mechanisms"]["alpha"]["answers"]
    assert written == {
        "takes_part": "yes",
        "reasons": {"options": ["exchange"]},
        "effects": [{"partners": {"codes": ["BBB", "CCC"]}}],
        "degree": {"states": {"option": "often"}},
    }
    assert exported(made)["attribution"] == "by_name"


def test_a_dry_run_tries_everything_and_keeps_nothing(made: World) -> None:
    before = exported(made)
    report = bring(made, FULL, dry_run=True)
    assert (report.stored > 10, report.records_added, report.mechanisms_added) == (True, 2, ["gamma"])
    assert counted(made.session, AnswerRevision) == 0
    assert exported(made) == before
    bring(made, FULL)
    assert exported(made) == FULL


def test_every_fault_is_told_at_once_and_nothing_is_written(made: World) -> None:
    broken = copy.deepcopy(FULL)
    broken["questionnaire"]["version"] = 9
    broken["answers"]["unknown"] = "x"
    broken["answers"]["takes_part"] = "yes"
    broken["mechanisms"]["alpha"]["answers"]["words"] = "word " * 40
    broken["mechanisms"]["alpha"]["answers"]["effects"][1] = {"year": "last", "colour": "red"}
    broken["mechanisms"]["alpha"]["answers"]["degree"]["nobody"] = "often"
    broken["mechanisms"]["alpha"]["marks"].append({"question": "reasons", "record": 7})
    broken["mechanisms"]["nowhere"] = {"answers": {"takes_part": "maybe"}}
    found = faults(made, broken)
    for place in (
        "questionnaire",
        "answers.unknown",
        "answers.takes_part",
        "mechanisms.alpha.answers.words",
        "mechanisms.alpha.answers.effects: 2.year",
        "mechanisms.alpha.answers.effects: 2.colour",
        "mechanisms.alpha.answers.degree",
        "mechanisms.alpha.marks.reasons.7",
        "mechanisms.nowhere.answers.takes_part",
        "mechanisms.nowhere:",
    ):
        assert any(fault.startswith(place) for fault in found), (place, found)
    assert counted(made.session, AnswerRevision) == 0


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"round": "r1"},
        {"round": "r1", "organisation": "AAA", "colour": "red"},
        {"round": "r1", "organisation": "AAA", "attribution": "loudly"},
        {"round": "r1", "organisation": "ZZZ"},
        {"round": "r0", "organisation": "AAA"},
        {"round": "r1", "organisation": "AAA", "audience": "igo"},
        {"round": "r1", "organisation": "AAA", "entered": {"from": "a letter"}},
    ],
)
def test_a_file_that_is_no_response_is_refused(made: World, data: object) -> None:
    assert faults(made, data)


def test_an_attribution_that_is_not_offered_is_a_fault(made: World) -> None:
    assert faults(made, {"round": "r1", "organisation": "alpha", "attribution": "unnamed"})


def test_what_staff_took_by_telephone_says_so(made: World) -> None:
    told = {
        "round": "r1",
        "organisation": "AAA",
        "entered": {"from": "telephone call with A. Person", "dated": "2026-11-12"},
        "answers": {"contact_name": "Ann"},
    }
    bring(made, told)
    [revision] = made.history(made.answer("AAA", "contact_name"))
    assert revision.via is Via.STAFF
    assert revision.source == {"what": "telephone call with A. Person", "dated": "2026-11-12"}
    assert revision.saved_by_id == made.actors["coordinator"].user_id


@pytest.mark.parametrize("dated", ["2026", "2026-11", "2026-11-20"])
def test_what_staff_took_is_dated_by_day_month_or_year(made: World, dated: str) -> None:
    bring(made, FULL | {"entered": {"from": "a letter", "dated": dated}})


@pytest.mark.parametrize("dated", ["", "last week", "2026-13", "2026-02-30", "20.11.2026", "2026-11-20 "])
def test_words_are_no_date(made: World, dated: str) -> None:
    (fault,) = faults(made, FULL | {"entered": {"from": "a letter", "dated": dated}})
    assert fault.startswith(f"entered.dated: “{dated}” is no date; write the day, the month or the year")


def test_the_shape_of_a_file_is_refused_in_plain_words(made: World) -> None:
    bad = {"format": "rapporteur-response/9", "rond": "r1", "organisation": "AAA", "entered": {"dated": 2026}}
    assert sorted(faults(made, bad)) == [
        "entered.dated: should be text; put it in quotation marks",
        "entered.from: is missing",
        "format: “rapporteur-response/9” is not one of 'rapporteur-response/1'",
        "rond: unknown key; did you mean “round”?",
        "round: is missing",
    ]


def test_without_a_source_it_is_an_import(made: World) -> None:
    bring(made, {"round": "r1", "organisation": "AAA", "answers": {"contact_name": "Ann"}})
    [revision] = made.history(made.answer("AAA", "contact_name"))
    assert revision.via is Via.IMPORT


def test_what_the_respondent_answered_is_not_overwritten_unseen(made: World) -> None:
    made.say("AAA", None, contact_name="Ann", outlook="mine")
    data = {"round": "r1", "organisation": "AAA", "answers": {"contact_name": "Ann", "outlook": "theirs"}}
    [fault] = faults(made, data)
    assert fault.startswith("answers.outlook")
    bring(made, data, replace=True)
    assert [each.value for each in made.history(made.answer("AAA", "outlook"))] == ["mine", "theirs"]


def test_a_shorter_list_takes_records_out_restorably(made: World) -> None:
    bring(made, FULL)
    fewer = copy.deepcopy(FULL)
    fewer["mechanisms"]["alpha"]["answers"]["effects"] = [{"example": "a decree"}]
    fewer["mechanisms"]["alpha"]["marks"] = []
    report = bring(made, fewer)
    assert (report.records_removed, report.records_added) == (1, 0)
    assert exported(made)["mechanisms"]["alpha"]["answers"]["effects"] == [{"example": "a decree"}]
    [removed] = made.session.scalars(select(RepeatInstance).where(RepeatInstance.removed_at.is_not(None)))
    repeating.restore_instance(made.session, made.response("AAA"), removed.id, made.actors["AAA"], NOW)
    assert exported(made)["mechanisms"]["alpha"]["answers"]["effects"][1] == {"example": "a policy"}


def test_a_submitted_response_takes_no_import(made: World) -> None:
    made.complete("AAA")
    submitting.submit(made.session, made.response("AAA"), "Cleared", made.actors["AAA"], NOW)
    with pytest.raises(ResponseLocked):
        bring(made, {"round": "r1", "organisation": "AAA", "answers": {"outlook": "late"}})


def test_only_staff_and_the_respondents_themselves_import(made: World) -> None:
    data = {"round": "r1", "organisation": "AAA", "answers": {"outlook": "x"}}
    for who in ("viewer", "analyst", "BBB"):
        with pytest.raises(NotAllowed):
            importing.import_response(made.session, data, made.actors[who], NOW)
    for actor in (made.actors["AAA"], made.actors["coordinator"], SYSTEM):
        importing.import_response(made.session, data, actor, NOW)


def test_confirmed_facts_survive_the_round_trip(made: World) -> None:
    made.save("alpha", Change(None, "launched", "", 2001, 0, confirms="established"))
    made.save("alpha", Change(None, "contact_name", "", "Ann", 0, attribution=Attribution.BACKGROUND))
    written = exported(made, "alpha")
    assert written["marks"] == [
        {"question": "contact_name", "attribution": "background"},
        {"question": "launched", "confirms": "established"},
    ]
    other = {**written, "organisation": "beta"}
    bring(made, other)
    assert exported(made, "beta") == other
    assert made.session.get_one(Response, made.response("beta")).audience is Audience.ISCM
