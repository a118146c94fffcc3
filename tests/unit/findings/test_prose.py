"""Lists, articles, quotations and templates."""

import pytest

from app.findings import prose
from app.findings.evidence import Place, Terms
from app.findings.own_words import Own

NAMES = frozenset({"Georgia"})


@pytest.mark.parametrize(
    ("items", "text"),
    [
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a and b", "c"], "a and b as well as c"),
        (["the Panel on Ports and Trade", "the Forum"], "the Panel on Ports and Trade and the Forum"),
        (["a long item of more than six words", "c"], "a long item of more than six words and c"),
        (["a", "b and c", "d"], "a, b and c, and d"),
        (["a, b", "c"], "a, b as well as c"),
        (["a, b", "c", "d"], "a, b; c; and d"),
        (["a; b", "c"], "a; b; and c"),
        (["a (b, c)", "d"], "a (b, c) and d"),
        ([], ""),
    ],
)
def test_lists_of_one_two_and_many(items: list[str], text: str) -> None:
    assert prose.listed(items) == text


def test_negative_facts_are_joined() -> None:
    assert prose.neither(["a"]) == "a"
    assert prose.neither(["a", "b"]) == "neither a nor b"
    assert prose.neither(["a", "b", "c"]) == "neither a nor b nor c"


def test_a_template_is_filled_once() -> None:
    assert prose.fill("{who} [takes|take] part", {"who": "{x} [a|b]"}, 2) == "{x} [a|b] take part"
    assert prose.fill("{who} [takes|take] part", {"who": "Georgia"}) == "Georgia takes part"
    with pytest.raises(KeyError):
        prose.fill("{nobody}", {})


@pytest.mark.parametrize(
    ("typed", "thing"),
    [
        ("academia group", "an academia group"),
        ("EU-funded project", "an EU-funded project"),
        ("UN project", "a UN project"),
        ("EaP Civil Society Forum", "the EaP Civil Society Forum"),
        ("Working Group on Trade", "the Working Group on Trade"),
        ("working groups on trade", "working groups on trade"),
        ("Steering committee", "a steering committee"),
        ("the Board", "the Board"),
        ("assessed contributions", "assessed contributions"),
    ],
)
def test_a_thing_takes_the_article_it_needs(typed: str, thing: str) -> None:
    assert prose.noun(typed, NAMES) == thing


def test_an_adjective_stands_between_article_and_noun() -> None:
    assert prose.noun("academia group", NAMES, "ad hoc") == "an ad hoc academia group"
    assert prose.noun("a working group", NAMES, "standing") == "a standing working group"
    assert prose.noun("ad hoc group on visas", NAMES, "ad hoc") == "an ad hoc group on visas"
    assert prose.noun("Working Group on Trade", NAMES, "ad hoc") == "the ad hoc Working Group on Trade"


def test_quotations_have_one_stop_outside_and_single_marks_inside() -> None:
    assert prose.quoted('He said "yes".') == "“He said ‘yes’”"
    assert prose.quoted("one\n\ntwo.") == "“one two”"
    assert prose.sentence(f"it wrote: {prose.quoted('Fine.')}") == "It wrote: “Fine”."


def test_a_long_text_is_quoted_from_its_beginning_and_says_so() -> None:
    long = " ".join(["This is a sentence of seven words."] * 30)
    quoted = prose.quoted(long)
    assert quoted.endswith("[…]”")
    assert len(quoted.split()) <= prose.SHORTENED_TO + 1
    assert prose.quoted("word " * 200).endswith("word […]”")


def test_a_long_text_is_quoted_no_further_than_its_first_paragraph() -> None:
    first = "Three things would help, and none of them costs much."
    assert prose.quoted(f"{first}\n\n{'The first is time. ' * 40}") == f"“{first} […]”"


@pytest.mark.parametrize(
    ("typed", "quoted"),
    [
        ("- one\n- two", "“one; two”"),
        ("• one; • two;", "“one; two”"),
        ('"all of it"', "“all of it”"),
        ("“all of it”.", "“all of it”"),
        ("“one” and “two”", "“‘one’ and ‘two’”"),
        ("a - b", "“a - b”"),
    ],
)
def test_points_and_marks_that_were_typed_are_not_doubled(typed: str, quoted: str) -> None:
    assert prose.quoted(typed) == quoted


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Port Strategy", "the “Port Strategy”"),
        ('"Port Strategy" (2020)', "the “Port Strategy” (2020)"),
        ("“Port Strategy”.", "the “Port Strategy”"),
        ("The Port Strategy", "“The Port Strategy”"),
        ("Deliverables for 2020", "the “Deliverables for 2020”"),
        ("Bridging Gaps", "“Bridging Gaps”"),
        ("From Port to Port", "“From Port to Port”"),
        ("Port “Strategy”", "“Port ‘Strategy’”"),
        ("What is it?", None),
    ],
)
def test_a_title_stands_in_one_pair_of_marks(typed: str, title: str | None) -> None:
    assert prose.title(typed) == title


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("law on open data", "a law on open data"),
        ("labour law", "labour law"),
        ("agreements on data", "agreements on data"),
        ("first count of workers", "the first count of workers"),
        ("first aid", "first aid"),
        ("exchange of data", "the exchange of data"),
        ("the exchange of data", "the exchange of data"),
        ("Exchange of data", "the exchange of data"),
        ("exchange with neighbours", "exchange with neighbours"),
        ("stable platform", "a stable platform"),
        ("Migration Law of 2011", "the Migration Law of 2011"),
        ("National Migration Policy 2013-2023", "the National Migration Policy 2013-2023"),
        ("Memorandum of understanding on ports", "a memorandum of understanding on ports"),
    ],
)
def test_an_article_that_was_left_out_is_put_in(typed: str, whole: str) -> None:
    assert prose.completed(typed, NAMES) == whole


def test_places_and_their_order() -> None:
    assert prose.place(Place("Netherlands", article=True)) == "the Netherlands"
    assert sorted(["the Netherlands", "Türkiye", "Côte d'Ivoire", "Cyprus", "Mali"], key=prose.order) == [
        "Côte d'Ivoire", "Cyprus", "Mali", "the Netherlands", "Türkiye",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("term", "one", "many"),
    [
        ("Participating States", "participating State", "participating States"),
        ("participating State", "participating State", "participating States"),
        ("Partner countries", "partner country", "partner countries"),
        ("Member Countries", "member country", "member countries"),
        ("National Contact Points", "National Contact Point", "National Contact Points"),
        ("Liaison officers", "liaison officer", "liaison officers"),
        (None, "member", "members"),
        ("Members are immigration agencies, including those of territories", "member", "members"),
    ],
)
def test_a_mechanisms_own_word_for_its_members(term: str | None, one: str, many: str) -> None:
    own = Own(Terms(member=term))
    assert (own.member, own.members) == (one, many)


def test_a_member_is_a_member_state_where_the_mechanism_has_no_word_of_its_own() -> None:
    assert Own(Terms()).one == "Member State"
    assert Own(Terms("Participating States")).one == "participating State"
    assert Own(Terms(), members_are_states=False).one == "member"
