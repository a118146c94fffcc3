"""The situation report: one page, whatever the scheme of regions, and its figures are those of the round."""

import io
import re
from dataclasses import replace

import docx as python_docx
import pytest
from pypdf import PdfReader

from app.definitions import regions
from app.exports import docx, pdf, situation_report
from app.exports.blocks import Document
from app.tracking import counting
from app.tracking.model import Tracking
from tests.unit.exports import trackings


def _by_iom(found: Tracking) -> Tracking:
    division = regions.committed().of("iom")
    codes = [region.code for region in division.tops()]
    everybody = tuple(
        replace(each, region_iom=codes[number % len(codes)] if each.audience == "state" else None)
        for number, each in enumerate(found.everybody)
    )
    return replace(found, division=division, everybody=everybody)


@pytest.fixture(scope="module")
def real() -> Tracking:
    return trackings.of_states()


@pytest.fixture(scope="module", params=["m49", "iom", "fictional", "empty"])
def report(request: pytest.FixtureRequest, real: Tracking) -> Document:
    found = {
        "m49": real,
        "iom": _by_iom(real),
        "fictional": trackings.of_fictional(),
        "empty": trackings.tracking([], fictional=True),
    }[request.param]
    return situation_report.document(found, real)


def test_it_is_one_page(report: Document) -> None:
    assert len(PdfReader(io.BytesIO(pdf.write(report))).pages) == 1


def test_the_word_file_has_the_same_figures(real: Tracking) -> None:
    written = docx.write(situation_report.document(real, None))
    table = python_docx.Document(io.BytesIO(written)).tables[0]
    rows = {row.cells[0].text.strip(): row.cells[1].text for row in table.rows[1:]}
    by_role = {line.key: line.rate for line in counting.by_role(real)}
    assert rows["States"] == f"{by_role['state'].answered} of {by_role['state'].eligible}"
    assert rows["IGOs"] == f"{by_role['igo'].answered} of {by_role['igo'].eligible}"
    africa = next(line.rate for line in counting.by_region(real) if line.key == "002")
    assert rows["Africa"] == f"{africa.answered} of {africa.eligible}"


def test_it_says_out_of_what_and_as_of_when(real: Tracking) -> None:
    text = PdfReader(io.BytesIO(pdf.write(situation_report.document(real, None)))).pages[0].extract_text()
    words = re.sub(r"\s+", " ", text)
    assert "As of 10 March 2027, 10:00, Geneva time" in words
    assert "Response rate: answered in per cent of eligible." in words
    assert "do not imply official endorsement" in words


def test_a_made_up_round_has_no_map_and_no_word_on_boundaries() -> None:
    found = situation_report.document(trackings.of_fictional(), None)
    assert "boundaries" not in repr(found.blocks[-1])
