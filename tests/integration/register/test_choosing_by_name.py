"""Lists to choose from while typing: found by any name in use, filled in by the one that is printed."""

import pytest
from sqlalchemy.orm import Session

from app.queries.directory import RegisterDirectory


@pytest.mark.parametrize(
    ("to", "name", "label"),
    [
        (
            "mechanisms",
            "Eastern Partnership Panel on Migration, Mobility and Integrated Border Management",
            "Eastern Partnership Panel on Migration, Mobility and Integrated Border Management (EaP Panel)",
        ),
        ("mechanisms", "Prague Process", "Prague Process (PP)"),
        ("organisations", "IOM", "IOM (International Organization for Migration)"),
        ("organisations", "African Union", "African Union (AU)"),
        ("states", "European Union", ""),
        ("states", "Georgia", ""),
        ("states", "Republic of Moldova", ""),
        ("states", "Republic of Korea", ""),
    ],
)
def test_a_name_is_offered_with_what_else_it_is_found_by(
    register: Session, to: str, name: str, label: str
) -> None:
    directory = RegisterDirectory(register, fictional=False)
    offered = next(one for one in directory.choosable(to) if one.name == name)
    assert offered.label == label
    assert directory.find(to, offered.name) == offered.code


@pytest.mark.parametrize(("typed", "code"), [("Nauru", "NRU"), ("Naoero", "NRU"), ("turkey", "TUR")])
def test_a_former_name_finds_the_state_and_is_not_offered(register: Session, typed: str, code: str) -> None:
    directory = RegisterDirectory(register, fictional=False)
    assert directory.find("states", typed) == code
    offered = {one.code: one.label or one.name for one in directory.choosable("states")}
    assert offered[code] in {"Naoero", "Türkiye"}
