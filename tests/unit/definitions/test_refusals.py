"""Every fault of a definition is told in one run, with file, line, path and a suggestion."""

from pathlib import Path

import pytest

from app.definitions import loader, source
from app.definitions.faults import DefinitionErrors, shown, suggestion

ROOT = Path(__file__).parents[2] / "questionnaires"
REFUSED = sorted((ROOT / "refused").glob("*.yaml"))


def expected(path: Path) -> list[str]:
    marked = [line[3:] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#! ")]
    return sorted(f"refused/{path.name}:{line}" for line in marked)


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_every_fault_of_a_refused_file_is_told_at_once(path: Path) -> None:
    with pytest.raises(DefinitionErrors) as refused:
        loader.load(path, ROOT)
    assert sorted(str(fault) for fault in refused.value.faults) == expected(path)


def test_faults_stand_in_the_order_of_the_file() -> None:
    with pytest.raises(DefinitionErrors) as refused:
        loader.load(REFUSED[0], ROOT)
    lines = [fault.line for fault in refused.value.faults]
    assert lines == sorted(lines)


def test_the_name_of_file_and_folder_must_agree_with_what_stands_inside(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    words = (ROOT / "texts" / "v1.yaml").read_text(encoding="utf-8")
    (folder / "v2.yaml").write_text(words.replace("key: texts", "key: text"), encoding="utf-8")
    with pytest.raises(DefinitionErrors) as refused:
        loader.load(folder / "v2.yaml", tmp_path)
    assert [fault.message for fault in refused.value.faults] == [
        "the key differs from the folder's name, “texts”",
        "the version differs from the file's name, “v2.yaml”",
    ]


def test_a_broken_vocabulary_is_told_and_the_questionnaires_are_still_checked(tmp_path: Path) -> None:
    (tmp_path / "vocabularies").mkdir()
    (tmp_path / "vocabularies" / "colours.yaml").write_text(
        "key: colors\ntitle: x\nterms: []\n", encoding="utf-8"
    )
    shared = loader.gather(tmp_path)
    assert [fault.path for fault in shared.faults] == ["terms"]
    with pytest.raises(DefinitionErrors):
        loader.library(tmp_path)
    refused = tmp_path / "choosing.yaml"
    words = (ROOT / "choosing" / "v1.yaml").read_text(encoding="utf-8")
    refused.write_text(words.replace("max_choices: 2", "max_choises: 2"), encoding="utf-8")
    with pytest.raises(DefinitionErrors) as raised:
        loader.load(refused, tmp_path, shared)
    assert [fault.path.rpartition(".")[2] for fault in raised.value.faults] == ["max_choises"]


def test_a_language_file_with_faults_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "languages"
    folder.mkdir()
    (tmp_path / "vocabularies").mkdir()
    for name in ("languages/v1.yaml", "vocabularies/colours.yaml"):
        (tmp_path / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "v1.fr.yaml").write_text(
        "locale: es\n"
        "texts:\n"
        "  questions.color.text: {text: 'x', of: 000000000000}\n"
        "  questions.colour.text: {text: 'Quelle couleur ?', of: '000000000000'}\n",
        encoding="utf-8",
    )
    with pytest.raises(DefinitionErrors) as raised:
        loader.load(folder / "v1.yaml", tmp_path)
    assert [fault.line for fault in raised.value.faults] == [3]
    words = (
        (folder / "v1.fr.yaml").read_text(encoding="utf-8").replace("of: 000000000000", "of: '000000000000'")
    )
    (folder / "v1.fr.yaml").write_text(words, encoding="utf-8")
    with pytest.raises(DefinitionErrors) as raised:
        loader.load(folder / "v1.yaml", tmp_path)
    assert [fault.message for fault in raised.value.faults] == [
        "the locale differs from the file's name",
        "there is no text at this address; did you mean “questions.colour.text”?",
        "the placeholders differ from the source's: “{organisation}”",
    ]


def test_a_message_is_safe_to_show() -> None:
    assert shown("a\x00b\x1b[31m\u202ec\n") == "“a\\u0000b\\u001b[31m\\u202ec\\u000a”"
    assert shown("x" * 10_000) == f"“{'x' * 80}…”"
    assert suggestion("titel", ["title", "text"]) == "; did you mean “title”?"
    assert suggestion("quite different", ["title", "text"]) == ""


def test_yaml_is_read_as_version_1_2() -> None:
    words = b"a: NO\nb: 22:22\nc: 2019-03-01\nd: yes\ne: true\nf: 012\n"
    words += b"g: ~\nh: 1_000\ni: 1e3\nj: '7'\nk: 0o7\nl: .inf\n"
    assert source.read_bytes(words, "x.yaml").data == {
        "a": "NO",
        "b": "22:22",
        "c": "2019-03-01",
        "d": "yes",
        "e": True,
        "f": 12,
        "g": None,
        "h": "1_000",
        "i": 1000.0,
        "j": "7",
        "k": "0o7",
        "l": ".inf",
    }


def test_lines_are_kept_for_keys_and_items() -> None:
    read = source.read_bytes(b"a:\n  - b: 1\n  -\n    c: >\n      folded\n      text\n", "x.yaml")
    assert read.line(("a", 1, "c")) == 4
    assert read.line(("a", 1, "unknown", 3)) == 4
    assert read.path(("a", 1, "c")) == "a[1].c"
    assert read.at(("a", 7)) is None
