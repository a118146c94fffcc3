"""The regions by which States are grouped."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from app.definitions import regions
from app.definitions.faults import DefinitionErrors

ROOT = Path("questionnaires")
GOOD = """schemes:
  - key: m49
    title: M49
    regions:
      - {code: "002", name: Africa}
      - {code: "015", name: Northern Africa, within: "002"}
  - key: iom
    title: IOM
    regions:
      - {code: MENA, name: Middle East and North Africa}
"""


def faults(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "regions.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionErrors) as refused:
        regions.load(tmp_path / "regions.yaml", tmp_path)
    return [str(fault) for fault in refused.value.faults]


def test_every_state_of_the_register_has_a_region_of_each_scheme() -> None:
    known = regions.load(ROOT / "register/regions.yaml", ROOT)
    with (ROOT / "register/states.csv").open(encoding="utf-8", newline="") as file:
        states = list(csv.DictReader(file))
    for state in states:
        region = known.of("m49").named(state["region_m49"])
        part = known.of("m49").named(state["subregion_m49"])
        assert region is not None
        assert part is not None
        assert (region.name, part.name, part.within) == (state["region"], state["subregion"], region.code)
        assert known.of("iom").named(state["region_iom"]) is not None, state["code"]


def test_ioms_african_regions_have_as_many_states_as_their_offices_say() -> None:
    with (ROOT / "register/states.csv").open(encoding="utf-8", newline="") as file:
        found = Counter(row["region_iom"] for row in csv.DictReader(file) if row["kind"] == "state")
    assert (found["EHA"], found["SA"], found["WCA"]) == (10, 15, 23)


def test_regions_come_in_the_order_of_the_file() -> None:
    names = [str(region.name) for region in regions.committed().of("m49").tops() if not region.fictional]
    assert names == ["Africa", "Americas", "Asia", "Europe", "Oceania"]


def test_what_is_uncertain_of_ioms_regions_is_said() -> None:
    iom = regions.committed().of("iom")
    assert any("Sudan" in each for each in iom.to_be_confirmed)
    assert all(region.source for region in iom.regions if not region.fictional)


def test_a_sub_region_lies_within_a_region(tmp_path: Path) -> None:
    found = faults(tmp_path, GOOD.replace('within: "002"', 'within: "019"'))
    assert len(found) == 1
    assert "regions.yaml:" in found[0]
    assert "015 lies within 019" in found[0]


def test_a_code_stands_once_and_every_fault_is_named(tmp_path: Path) -> None:
    doubled = GOOD.replace(
        "      - {code: MENA", "      - {code: MENA, name: A, wthin: x}\n      - {code: MENA"
    )
    found = faults(tmp_path, doubled.replace("key: m49", "key: m50"))
    assert len(found) >= 2
    twice = GOOD.replace('"015", name: Northern Africa, within: "002"', '"002", name: Africa again')
    assert "002 stands here twice" in faults(tmp_path, twice)[0]


def test_both_schemes_are_there_once(tmp_path: Path) -> None:
    assert "once each" in faults(tmp_path, GOOD.partition("  - key: iom")[0])[0]
