"""Sentences that follow each other: what is not said twice, and how the mechanism is called."""

from typing import Any

from tests.unit.findings.building import Respondent, compiled, texts


def test_what_others_said_before_is_not_said_as_if_it_were_new() -> None:
    code = {"what": "the Code of Conduct", "year": 2023}
    effect = {"kinds": ["regional_instrument"], "example": "The Code of Conduct.", "year": 2023}
    said = texts(
        compiled(
            Respondent("state", "GEO", {"takes_part": "yes", "effects": [effect]}),
            Respondent("iscm", "eap-panel", {"examples": [{"level": "regional", **code}]}),
        ),
        "contribution",
    )
    assert said[1:] == [
        "Georgia reported that the panel contributed to the Code of Conduct (2023).",
        "The contribution to the Code of Conduct (2023) was also reported by the EaP Panel itself.",
    ]


def test_who_said_what_they_value_is_said_with_its_base() -> None:
    values: dict[str, Any] = {"takes_part": "yes", "values": [{"value": "trust"}]}
    three = compiled(
        Respondent("state", "GEO", values),
        Respondent("state", "POL", values),
        Respondent("state", "NLD", {"takes_part": "yes"}),
    )
    assert texts(three, "added_value") == [
        "Among the 3 members that answered about it, Georgia and Poland said what they value in the EaP "
        "Panel.",
        "Georgia values the panel for trust.",
        "Poland values the EaP Panel for trust.",
    ]
    coded = {**values, "reasons": ["trust"]}
    two = compiled(Respondent("state", "GEO", coded), Respondent("state", "POL", coded))
    assert not any("said what they value" in text for text in texts(two))


def test_after_a_label_the_mechanism_is_called_by_its_name() -> None:
    degree = dict.fromkeys(("igos", "civil_society", "academia", "diaspora"), "regularly")
    said = texts(compiled(Respondent("iscm", "eap-panel", {"degree": degree})), "partnerships")
    assert [text.partition(": ")[2].split(" cooperates")[0] for text in said] == [
        "The EaP Panel", "The panel", "The EaP Panel", "The panel",
    ]  # fmt: skip


def test_each_organization_has_a_role_of_its_own() -> None:
    said = texts(
        compiled(
            Respondent("igo", "IOM", {"takes_part": "yes", "role": ["secretariat"]}),
            Respondent("igo", "UNHCR", {"takes_part": "yes", "role": ["observer", "donor"]}),
        ),
        "structures",
    )
    assert said == [
        "IOM described its role as that of secretariat.",
        "UNHCR described its role as that of donor and observer.",
    ]


def test_what_a_state_did_is_not_said_with_its_name_twice() -> None:
    answers = {"takes_part": "yes", "home_example": "Georgia trained 40 officials"}
    said = texts(compiled(Respondent("state", "GEO", answers)), "added_value")
    assert said == ["Georgia reported that, thanks to the EaP Panel, it trained 40 officials."]
