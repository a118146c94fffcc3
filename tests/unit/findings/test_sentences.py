"""Answers and the sentences that they become, for mechanisms of every shape."""

from typing import Any

import pytest

from app.findings.evidence import Mechanism, Terms
from tests.unit.findings.building import Respondent, compiled, setting, texts

EAP = "The EaP Panel"
MERGED = {"name": "Old Forum", "relation": "merged", "became": "this"}
SENTENCES: list[tuple[dict[str, Any], list[str]]] = [
    ({"launched": 2010}, ["The EaP Panel was launched in 2010."]),
    (
        {"launched": 2010, "predecessors": [{**MERGED, "from": 1999, "to": 2009}]},
        ["The EaP Panel was launched in 2010; the Old Forum (1999–2009) was merged into it."],
    ),
    (
        {"predecessors": [{**MERGED, "acronym": "OF"}, {**MERGED, "name": "Bay Talks"}]},
        ["The EaP Panel emerged from the merger of Bay Talks and the Old Forum (OF)."],
    ),
    (
        {"predecessors": [{"name": "Old Forum", "relation": "renamed", "became": "this", "to": 2009}]},
        ["The Old Forum (until 2009) was renamed the EaP Panel."],
    ),
    (
        {"launched": 2010, "predecessors": [{"name": "Old Forum", "relation": "renamed", "became": "this"}]},
        ["The EaP Panel was launched in 2010.", "The Old Forum was renamed the EaP Panel."],
    ),
    (
        {"predecessors": [{"name": "Old Forum", "relation": "split", "became": "this", "what": "a meeting"}]},
        ["The EaP Panel split off from the Old Forum, a meeting."],
    ),
    ({"predecessors": [{"name": "Old Forum"}]}, ["Among the earlier names and bodies was the Old Forum."]),
    ({"predecessors": "none"}, []),
    (
        {"change": "moved to visas"},
        ["On the last change of its direction or form, the EaP Panel stated: “moved to visas”."],
    ),
    (
        {"change": "Poland brought the panel to the theme of visas in 2015."},
        [],
    ),
    ({"themes": ["border"]}, ["The thematic area of the EaP Panel is border management."]),
    (
        {"themes": {"options": ["border", "other"], "other": "We do all"}},
        ["The thematic areas of the EaP Panel are border management and “We do all”."],
    ),
    ({"work_plan": "none"}, ["The EaP Panel has no work plan."]),
    (
        {"work_plan": "multi_annual", "work_plan_adopted_by": "Steering Committee"},
        ["The EaP Panel has a multi-annual work plan, adopted by the Steering Committee."],
    ),
    (
        {"work_plan": "annual", "work_plan_adopted_by": "It is adopted by ministers."},
        [
            "The EaP Panel has an annual work plan.",
            "On the adoption of its work plan, the panel stated: “It is adopted by ministers”.",
        ],
    ),
    ({"legal_personality": "yes"}, ["The EaP Panel has legal personality."]),
    ({"governing_document": "no"}, ["The EaP Panel has no formal governing document."]),
    (
        {"legal_personality": "yes", "governing_document": "yes", "governing_document_title": "Charter"},
        ["The EaP Panel has legal personality and a formal governing document, the “Charter”."],
    ),
    ({"chair_model": "none"}, ["The EaP Panel has no standing chair."]),
    (
        {"chair_model": "tandem", "chair_term_years": 1},
        [
            "The chair of the EaP Panel is held by a tandem of States at each meeting.",
            "The term of its chair is 1 year.",
        ],
    ),
    (
        {"chair_model": "ppt", "chair_term_years": 2},
        ["The EaP Panel is chaired by a presidency pro tempore with a term of 2 years."],
    ),
    (
        {"chair_model": {"option": "other", "other": "a council of elders"}},
        ["The EaP Panel described the model of its chair as a council of elders."],
    ),
    ({"chair_now": "Georgia"}, ["At the time of its answer, the EaP Panel was chaired by Georgia."]),
    ({"secretariat_model": "none"}, ["The EaP Panel has no secretariat."]),
    ({"secretariat_model": "none", "secretariat_by": ["IOM"]}, []),
    ({"secretariat_model": "igo"}, ["The secretariat of the EaP Panel is provided by an IGO."]),
    (
        {"secretariat_by": {"codes": ["IOM"], "other": "Ministry of Interior"}},
        ["The secretariat of the EaP Panel is provided by IOM and the Ministry of Interior."],
    ),
    (
        {"steered_by": "the ministers steer it"},
        ["On its steering, the EaP Panel stated: “the ministers steer it”."],
    ),
    ({"focal_network": "no"}, ["The EaP Panel has no network of national focal points."]),
    ({"bodies": "none"}, ["The EaP Panel has neither working groups nor other bodies."]),
    (
        {"bodies": [{"name": "working group on visas", "kind": "working_group", "standing": "ad_hoc"}]},
        ["The working group of the EaP Panel is an ad hoc working group on visas."],
    ),
    (
        {"financing_stable": "no"},
        ["The EaP Panel described its financing as not stable."],
    ),
    (
        {"financing_models": ["in_kind", "donor_states"]},
        [
            "The financing of the EaP Panel comes from contributions in kind "
            "and contributions of donor States."
        ],
    ),
    (
        {"secretariat_funding": [{"funder": ["EU"]}]},
        ["The secretariat is funded by the European Union."],
    ),
    (
        {"challenges": "none", "overlaps": "none"},
        ["The EaP Panel sees neither challenges nor an overlap with another ISCM."],
    ),
    (
        {"challenges": "none", "overlaps": [{"with": ["prague-process"], "what": "Training"}]},
        [
            "The EaP Panel sees no challenges.",
            "It sees an overlap with the Prague Process in training.",
        ],
    ),
    (
        {"levels": ["none"]},
        ["The EaP Panel reported no contribution to migration governance so far at any level."],
    ),
    (
        {"levels": ["national", "global"]},
        [
            "National: The EaP Panel reported contributions at this level, without an example.",
            "Global: The panel reported contributions at this level, without an example.",
        ],
    ),
    (
        {"degree": {"civil_society": "no", "diaspora": "no", "igos": "sometimes"}},
        [
            "IGOs: The EaP Panel sometimes cooperates with IGOs.",
            "It cooperates with neither civil society nor the diaspora.",
        ],
    ),
    ({"degree": {"civil_society": "no"}}, ["The EaP Panel does not cooperate with civil society."]),
    (
        {
            "partners": [
                {"category": "igos", "who": ["UNHCR"]},
                {"category": "igos", "who": ["IOM"]},
                {"category": "igos", "who": ["ICMPD"], "how": "hosting of meetings"},
            ]
        },
        [
            "IGOs: The EaP Panel cooperates with ICMPD (hosting of meetings).",
            "It also cooperates with IOM and UNHCR.",
        ],
    ),
    (
        {"degree": {"academia": "no"}, "partners": [{"category": "academia", "how": "by letter"}]},
        [],
    ),
    (
        {"degree": dict.fromkeys(("igos", "civil_society", "diaspora"), "no")},
        ["The EaP Panel does not cooperate with IGOs, civil society or the diaspora."],
    ),
    (
        {"secretariat_model": "none", "secretariat_functions": [{"function": "minutes"}],
         "secretariat_funding": [{"funder": ["EU"]}]},
        ["The EaP Panel has no secretariat."],
    ),
    (
        {"travel": [{"who": "Speakers", "paid_by": "themselves"}, {"who": "all others", "paid_by": "IOM"}]},
        ["The travel costs of all others are covered by IOM.", "Speakers pay for their travel themselves."],
    ),
    (
        {"travel": [{"who": "the host", "paid_by": "itself"}, {"who": "speakers", "paid_by": "N/A"}]},
        ["The host pays for their travel themselves."],
    ),
    (
        {"steered_by": "It is steered by a council.", "financing_how": "is financed by its members"},
        ["The EaP Panel is steered by a council.", "It is financed by its members."],
    ),
    (
        {"examples": [{"level": "national", "what": "It contributed to a law on visas;", "year": 2020}]},
        ["National: The EaP Panel reported that it contributed to a law on visas (2020)."],
    ),
    (
        {"examples": [{"level": "national", "what": "We trained staff", "where": ["POL"], "year": 2020}]},
        ["National: On its contribution, the EaP Panel stated: “We trained staff” (in Poland, 2020)."],
    ),
    (
        {"partners": [{"category": "igos", "who": ["IOM"], "how": "IOM takes part; others are invited"},
                      {"category": "other", "how": "They speak at events"}]},
        [
            "IGOs: The EaP Panel cooperates with IOM, which takes part; others are invited.",
            "Other partners: The panel cooperates with other partners, which speak at events.",
        ],
    ),
    (
        {"added_examples": [{"example": "The EaP Panel helped two members to open an office."}]},
        [
            "As an example of these benefits, the panel reported that the EaP Panel helped two members to "
            "open an office."
        ],
    ),
    (
        {"offers": [{"value": "Common forms; exchange of data;"}]},
        ["According to the EaP Panel, membership brings common forms and the exchange of data."],
    ),
    ({"themes_new": ["border"]}, ["Border management is new since the last review."]),
    (
        {"bodies": [{"name": "the Board", "kind": "other"}]},
        ["A further structure of the EaP Panel is the Board."],
    ),
    (
        {"financing_how": "by its members", "financing_stable": "yes"},
        ["The EaP Panel is financed by its members; it described its financing as stable."],
    ),
    (
        {"guiding_documents": [{"title": '"Principles" (2020)', "focus": "the whole text."}]},
        ["The work of the EaP Panel is guided by the “Principles” (2020), with a focus on the whole text."],
    ),
    (
        {"offers": [{"value": "stable platform to exchange views"}]},
        ["According to the EaP Panel, membership brings a stable platform to exchange views."],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "sentences"), SENTENCES, ids=lambda part: str(part)[:50])
def test_what_a_mechanism_answers_becomes_these_sentences(
    answers: dict[str, Any], sentences: list[str]
) -> None:
    summary = compiled(Respondent("iscm", "eap-panel", answers))
    assert [text for text in texts(summary) if text not in texts(summary, "intro")] == sentences


def test_a_mechanism_speaks_with_its_own_words() -> None:
    own = Mechanism(
        "rcm",
        "Regional Conference on Migration",
        "RCM",
        type="regional",
        terms=Terms("Member Countries", "National Contact Points", "Presidency Pro Tempore"),
        short_name_article=True,
    )
    about = setting(iscm=own, members=frozenset({"GEO", "UKR", "POL", "LTU", "ARM"}))
    summary = compiled(
        Respondent("iscm", "rcm", {"chair_model": "rotating_yearly", "focal_network": "yes"}),
        Respondent("state", "GEO", {"takes_part": "yes", "effects": [{"kinds": ["law"]}]}),
        about=about,
    )
    said = texts(summary)
    assert "Its Presidency Pro Tempore rotates every year." in said
    assert "The RCM has a network of National Contact Points." in said
    assert (
        "National: Effects of the RCM on legislation were reported by the National Contact Point of Georgia, "
        "the only member country that answered about it."
    ) in said


NONE: dict[str, Any] = {"takes_part": "yes", "effects": "none"}
LAW: dict[str, Any] = {"takes_part": "yes", "effects": [{"kinds": ["law"], "theme": "border"}]}


@pytest.mark.parametrize(
    ("states", "sentences"),
    [
        ({"GEO": NONE}, ["National: Georgia reported no effect of the EaP Panel so far."]),
        (
            {"GEO": NONE, "NLD": NONE},
            ["National: Georgia and the Netherlands reported no effect of the EaP Panel so far."],
        ),
        (
            {"GEO": LAW, "NLD": LAW, "POL": NONE},
            [
                "National: Effects of the EaP Panel on legislation were reported by the national focal "
                "points of "
                "Georgia and the Netherlands, 2 of the 3 members that answered about it.",
                "Georgia and the Netherlands reported effects on legislation in the area of border "
                "management.",
                "Poland reported no effect of the EaP Panel so far.",
            ],
        ),
        (
            {
                "GEO": {
                    "takes_part": "yes",
                    "effects": [{"kinds": ["law"], "example": "We changed the law."}],
                },
                "POL": {"takes_part": "yes", "effects": [{"kinds": ["law"], "example": "a law on visas"}]},
            },
            [
                "National: Effects of the EaP Panel on legislation were reported by the national focal "
                "points of "
                "Georgia and Poland, the two members that answered about it.",
                "Poland reported that the panel contributed to a law on visas.",
                "As an effect on legislation, Georgia reported: “We changed the law”.",
            ],
        ),
        (
            {
                code: {
                    "takes_part": "yes",
                    "effects": [{"kinds": ["bilateral"], "example": "A joint office.", "with": [other]}],
                }
                for code, other in (("GEO", "UKR"), ("UKR", "GEO"))
            },
            [
                "National: Effects of the EaP Panel on bilateral agreements were reported by the national "
                "focal "
                "points of Georgia and Ukraine, the two members that answered about it.",
                "Georgia and Ukraine reported that the panel contributed to a joint office.",
            ],
        ),
        (
            {
                "GEO": {"takes_part": "yes", "effects": [{"kinds": ["law"], "example": "a law on visas"}]},
                "NLD": LAW,
                "POL": {"takes_part": "yes", "effects": [{"kinds": ["law"]}]},
            },
            [
                "National: Effects of the EaP Panel on legislation were reported by the national focal "
                "points of "
                "Georgia, the Netherlands and Poland, all 3 members that answered about it.",
                "Georgia reported that the panel contributed to a law on visas.",
                "Poland also reported effects on legislation.",
                "The Netherlands reported effects on legislation in the area of border management.",
            ],
        ),
        (
            {
                "GEO": {
                    "takes_part": "yes",
                    "effects": [
                        {"kinds": ["bilateral"], "with": ["POL"], "year": 2020, "theme": "border"},
                        {
                            "kinds": {"options": ["other"], "other": "Public awareness"},
                            "example": "We ran a campaign.",
                            "with": ["POL"],
                        },
                    ],
                }
            },
            [
                "National: Effects of the EaP Panel on bilateral agreements and public awareness were "
                "reported by the national focal point of Georgia, the only member that answered about it.",
                "Georgia reported effects on bilateral agreements with Poland in the area of border "
                "management (2020).",
                "As an effect on public awareness, Georgia reported: “We ran a campaign” (with Poland).",
            ],
        ),
        (
            {"GEO": {"takes_part": "no", "inactive_reason": "no_capacity"}, "POL": {"takes_part": "no"}},
            [
                "Georgia reported taking no active part, for lack of capacity.",
                "Poland reported taking no active part.",
            ],
        ),
    ],
)
def test_what_states_answer_becomes_these_sentences(
    states: dict[str, dict[str, Any]], sentences: list[str]
) -> None:
    summary = compiled(*(Respondent("state", code, answers) for code, answers in states.items()))
    assert [text for text in texts(summary) if text not in texts(summary, "intro")] == sentences
