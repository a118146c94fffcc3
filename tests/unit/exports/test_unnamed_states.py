"""The same answers from two different unnamed States: not a byte of any file may differ."""

from dataclasses import replace

import pytest

from app.exports.summary_document import render
from app.exports.wording import FORMATS
from app.policy import Attribution
from tests.unit.exports.summaries import COMPILED
from tests.unit.findings import building

UNNAMED = ("ARM", "CZE", "NLD")


def _file(code: str, fmt: str) -> bytes:
    """The summary of the EaP Panel with one respondent more, who answered as “a Member State”."""
    georgia = next(one for one in building.eap_respondents() if one.code == "GEO")
    secret = replace(georgia, code=code, attribution=Attribution.UNNAMED)
    about = building.setting(asked=building.EAP_MEMBERS)
    summary = building.compiled(*building.eap_respondents(), secret, about=about)
    assert any(c.respondent is None and c.behind for s in summary.statements for c in s.citations)
    return render(summary, about, fmt, COMPILED)


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_files_are_the_same_to_the_byte(fmt: str) -> None:
    first, *others = (_file(code, fmt) for code in UNNAMED)
    assert all(other == first for other in others)


def test_the_comparison_would_notice_a_name() -> None:
    named = building.compiled(*building.eap_respondents(), about=building.setting())
    georgia = next(one for one in building.eap_respondents() if one.code == "GEO")
    armenia = building.compiled(
        *building.eap_respondents(), replace(georgia, code="ARM"), about=building.setting()
    )
    files = {render(summary, building.setting(), "html", COMPILED) for summary in (named, armenia)}
    assert len(files) == 2
    assert any(b"Armenia" in file for file in files)
