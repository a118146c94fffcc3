"""Which questions are asked: the tiny definitions of routing, by feature."""

from app.definitions import completeness, routing
from app.definitions.completeness import Lack
from app.definitions.plain import Plain
from app.definitions.routing import Instance, InstanceId
from tests.unit.definitions.features import REGISTER, feature, shown

Placed = dict[tuple[InstanceId, str, str], Plain]


def test_what_is_not_answered_is_unknown_and_shows_nothing() -> None:
    always = ["switch", "many", "count"]
    assert shown("conditions", {}) == [*always, "unanswered"]
    assert shown("conditions", {"switch": "no"}) == [*always, "is_not_on"]


def test_each_word_of_a_rule() -> None:
    found = shown("conditions", {"switch": "yes", "count": 10, "many": {"options": ["red", "eu_blue"]}})
    assert found[3:] == ["is_on", "has_red", "two_or_more", "ten", "either", "both", "deep", "shallow"]
    found = shown("conditions", {"switch": "no", "count": 9.5, "many": {"options": ["eu_blue"]}})
    assert found[3:] == ["is_not_on"]


def test_one_true_rule_of_any_is_enough_and_one_unknown_of_all_is_too_much() -> None:
    assert shown("conditions", {"count": 12})[3:] == ["unanswered", "ten", "either"]


def test_a_section_and_a_page_have_rules_of_their_own() -> None:
    assert shown("conditions", {"switch": "yes"})[3:] == ["is_on", "either", "shallow"]


def test_an_answer_that_is_not_asked_does_not_count() -> None:
    answered: dict[str, Plain] = {"first": "yes", "second": "yes"}
    assert shown("hidden", answered) == ["first", "second", "third"]
    assert shown("hidden", {**answered, "first": "no"}) == ["first", "absent"]


def test_answers_off_the_path_are_kept_but_left_out() -> None:
    answers: Placed = {(None, "first", ""): "no", (None, "second", ""): "yes"}
    path = routing.path(feature("hidden"), answers)
    assert list(path.answers()) == [(None, "first", "", "no")]
    assert path.on(None, "first")
    assert not path.on(None, "second")
    assert not path.on("elsewhere", "first")


BLOCKS = [
    Instance("b1", "per_iscm", None, "eap-panel"),
    Instance("b2", "per_iscm", None, "other-panel"),
    Instance("gone", "per_iscm", None, "third-panel", active=False),
    Instance("r1", "effects", "b1"),
]


def test_blocks_are_routed_one_by_one() -> None:
    answers: Placed = {
        (None, "active", ""): "yes",
        ("b1", "takes_part", ""): "yes",
        ("b2", "takes_part", ""): "no",
        ("gone", "takes_part", ""): "yes",
    }
    path = routing.path(feature("memberships"), answers, BLOCKS)
    assert [(page.page_key, page.instance_id, [q.key for q in page.questions]) for page in path.pages] == [
        ("page", None, ["active"]),
        ("part", "b1", ["takes_part"]),
        ("depth", "b1", ["effects"]),
        ("part", "b2", ["takes_part", "why_not"]),
    ]
    assert path.on("r1", "example")
    assert not path.on("gone", "takes_part")
    assert path.number_of_questions == 4
    assert path.find("per_iscm", "depth", "b1") is path.pages[2]
    assert path.find("per_iscm", "depth", "b2") is None
    assert [record.id for record in path.records("b1", "effects")] == ["r1"]
    assert path.records("b2", "effects") == ()
    assert routing.path(feature("memberships"), {(None, "active", ""): "no"}, BLOCKS).pages == path.pages[:1]


def test_a_rule_in_a_record_sees_the_record_first_then_what_is_around_it() -> None:
    answers: Placed = {
        (None, "launched", ""): "yes",
        ("r1", "binding", ""): "yes",
        ("r2", "binding", ""): "no",
    }
    records = [Instance("r1", "agreements"), Instance("r2", "agreements")]
    path = routing.path(feature("records"), answers, records)
    assert path.on("r1", "since")
    assert not path.on("r2", "since")
    assert path.on(None, "why")
    assert not routing.path(feature("records"), {**answers, (None, "launched", ""): "no"}, records).on(
        "r1", "since"
    )


def test_a_list_is_looked_up_by_how_many_of_its_records_say_something() -> None:
    records = [Instance("r1", "agreements"), Instance("r2", "agreements")]
    one: Placed = {("r1", "name", ""): "A"}
    assert not routing.path(feature("records"), one, records).on(None, "why")
    none: Placed = {(None, "agreements", ""): "none"}
    assert routing.path(feature("records"), none, records).on(None, "why_none")


def test_rows_of_a_matrix_are_the_options_chosen_before() -> None:
    chosen: Placed = {(None, "themes", ""): {"options": ["red", "other"], "other": "Teal"}}
    path = routing.path(feature("matrix"), chosen)
    assert [(row.key, str(row.text)) for row in path.rows(None, "theme_how")] == [
        ("red", "Red"),
        ("other", "Teal"),
    ]
    assert [row.key for row in path.rows(None, "degree")] == ["regional", "global"]
    assert path.rows(None, "themes") == ()
    assert routing.path(feature("matrix"), {}).rows(None, "theme_how") == ()


def sentences(lacks: list[Lack]) -> list[tuple[InstanceId, str, str, str]]:
    return [(lack.instance, lack.question_key, lack.item, lack.sentence) for lack in lacks]


def test_required_questions_are_missing_until_they_are_answered() -> None:
    answers: Placed = {(None, "active", ""): "yes", ("b1", "takes_part", ""): "yes"}
    assert sentences(completeness.missing(feature("memberships"), answers, BLOCKS)) == [
        ("b2", "takes_part", "", "Choose yes or no")
    ]
    lack = completeness.missing(feature("memberships"), answers, BLOCKS)[0]
    assert (lack.section, lack.page, lack.block, lack.empty) == ("per_iscm", "part", "b2", True)
    assert completeness.missing(feature("memberships"), {**answers, (None, "active", ""): "no"}, BLOCKS) == []


def test_what_was_answered_wrongly_is_named_too() -> None:
    answers: Placed = {(None, "line", ""): "x" * 11, (None, "essay", ""): "one two three"}
    assert sentences(completeness.missing(feature("texts"), answers)) == [
        (None, "line", "", "The text has 11 characters. Shorten it by 1")
    ]
    assert completeness.missing(feature("references"), {(None, "one", ""): {"codes": ["ZZZ"]}}) == []
    assert (
        len(
            completeness.missing(feature("references"), {(None, "one", ""): {"codes": ["ZZZ"]}}, (), REGISTER)
        )
        == 1
    )


def test_a_list_of_records_is_complete_with_a_record_or_with_none() -> None:
    two = [Instance("r1", "agreements"), Instance("r2", "agreements")]
    nothing = (None, "agreements", "", "Add at least one agreement, or choose “Nothing so far”")
    bodies = (None, "bodies", "", "Add at least one body")
    assert sentences(completeness.missing(feature("records"), {}, two)) == [nothing, bodies]
    none: Placed = {(None, "agreements", ""): "none"}
    assert sentences(completeness.missing(feature("records"), none, two)) == [bodies]
    both: Placed = {**none, ("r1", "binding", ""): "yes"}
    assert sentences(completeness.missing(feature("records"), both, two)) == [
        (None, "agreements", "", "“Nothing so far” is chosen, and there are entries. Keep one of the two"),
        ("r1", "name", "", "Write an answer"),
        bodies,
    ]


def test_a_list_of_records_has_its_bounds() -> None:
    instances = [Instance(f"r{n}", "agreements") for n in range(3)] + [Instance("b", "bodies")]
    answers: Placed = {(name, "name", ""): "A" for name in ("r0", "r1", "r2", "b")}
    assert sentences(completeness.missing(feature("records"), answers, instances)) == [
        (None, "agreements", "", "Give at most 2; there are 3"),
        (None, "bodies", "", "Give at least 2; there are 1"),
    ]


def test_each_row_of_a_required_matrix_is_missing_on_its_own() -> None:
    answers: Placed = {
        (None, "degree", "regional"): {"option": "daily"},
        (None, "themes", ""): {"options": ["red"]},
        (None, "theme_how", "red"): "a b c d e f",
    }
    assert sentences(completeness.missing(feature("matrix"), answers)) == [
        (None, "degree", "regional", "Regional: Choose one answer"),
        (None, "degree", "global", "Global: Choose one answer"),
        (None, "theme_how", "red", "Red: The text has 6 words. Shorten it by 1"),
    ]


def test_notes_and_files_lack_nothing_and_warnings_hold_nothing_up() -> None:
    assert completeness.missing(feature("links"), {}) == []
    assert completeness.missing(feature("warnings"), {(None, "members", ""): 120}) == []
