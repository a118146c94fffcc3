"""What a file is, by its content; what is not taken; and that looking costs little."""

import io
import tracemalloc

import pytest

from app.services import file_kinds
from app.services.file_kinds import KindRefused, kind_of
from app.services.file_names import shown_label, shown_name
from tests.storing import DOCUMENTS, ODT_TYPE, PDF, TYPES, bare_word, packed, parts_of, word, workbook


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_kind_that_is_said_to_be_taken_is_taken(name: str) -> None:
    assert kind_of(io.BytesIO(DOCUMENTS[name])).ending == f".{name.rpartition('.')[2]}"


def macro_workbook() -> bytes:
    parts = parts_of(workbook())
    types = parts[TYPES]
    assert isinstance(types, bytes)
    parts[TYPES] = types.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")
    return packed(parts)


HOSTILE = {
    "a page called a picture": b"<!doctype html><script>alert(1)</script>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "a table": b"a,b\n=1+1,2\n",
    "a page with a PDF in it": b"<html>" + PDF,
    "an old document": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    "a picture that is a script": b"GIF89a/*\xff\xd8*/=1;alert(1)",
    "a program": b"MZ" + bytes(600),
    "packed files": packed({"a.txt": "no document"}),
    "a program in a zip that names itself a document": packed({TYPES: "<Types/>", "word/document.xml": "x"}),
    "an open spreadsheet": packed({"mimetype": ODT_TYPE.replace("text", "spreadsheet"), "content.xml": "x"}),
    "an open document with macros": packed(
        {"mimetype": ODT_TYPE, "content.xml": "x", "Basic/Standard/Module1.xml": "x"}
    ),
    "a document with macros": bare_word(**{"word/vbaProject.bin": b"x"}),
    "a workbook that says it has macros": macro_workbook(),
    "a workbook with old macros": packed({**parts_of(workbook()), "xl/macrosheets/sheet1.xml": "x"}),
    "two documents in one": word() + word(),
    "something behind": word() + b"<script>alert(1)</script>",
    "something before": b"PK\x03\x04<script>" + word(),
    "a document cut short": word()[:-40],
    "half an end": b"PK\x03\x04" + b"PK\x05\x06",
    "a comment behind its end": word()[:-2] + b"\x05\x00hello",
    "nothing": b"",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_of_no_kind_that_is_taken_is_refused_with_what_to_do(what: str) -> None:
    with pytest.raises(KindRefused, match=r"Choose|Save|Attach"):
        kind_of(io.BytesIO(HOSTILE[what]))


def test_a_document_with_a_password_is_refused() -> None:
    locked = bytearray(bare_word())
    end = locked.rindex(b"PK\x01\x02")
    locked[end + 8] |= 1
    with pytest.raises(KindRefused, match="Save it without one"):
        kind_of(io.BytesIO(bytes(locked)))


def _costs(document: bytes) -> int:
    """The most memory that looking takes, in bytes."""
    content = io.BytesIO(document)
    tracemalloc.start()
    try:
        kind_of(content)
    except KindRefused:
        pass
    finally:
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return most


def test_a_bomb_is_not_unpacked_to_see_what_it_is() -> None:
    bomb = bare_word(**{"word/media/bomb.bin": bytes(100_000_000)})
    assert len(bomb) < 200_000
    assert _costs(bomb) < 1_000_000


def test_a_bomb_in_the_part_that_is_read_is_unpacked_to_a_bound_only() -> None:
    bomb = packed({TYPES: bytes(100_000_000), "word/document.xml": "x"})
    assert _costs(bomb) < 8_000_000
    with pytest.raises(KindRefused):
        kind_of(io.BytesIO(bomb))


def test_a_zip_of_too_many_parts_costs_nothing() -> None:
    parts: dict[str, bytes | str] = {f"word/{number}": "" for number in range(file_kinds.MOST_PARTS)}
    many = bare_word(**parts)
    assert _costs(many) < 100_000
    with pytest.raises(KindRefused, match="more parts than a document needs"):
        kind_of(io.BytesIO(many))


def test_a_document_that_says_it_unpacks_to_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_kinds, "LARGEST_UNPACKED", 1_000_000)
    with pytest.raises(KindRefused, match="unpacks to more"):
        kind_of(io.BytesIO(bare_word(**{"word/media/bomb.bin": bytes(1_000_001)})))


@pytest.mark.parametrize(
    ("given", "ending", "shown"),
    [
        ("Law.pdf", ".pdf", "Law.pdf"),
        ("LAW.PDF", ".pdf", "LAW.PDF"),
        ("photo.jpeg", ".jpg", "photo.jpeg"),
        ("page.html", ".pdf", "page.html.pdf"),
        ("C:\\Users\\me\\plan.docx", ".docx", "plan.docx"),
        ("../../etc/passwd", ".pdf", "passwd.pdf"),
        ("fdp.\u202eexe", ".pdf", "fdp.exe.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", ".pdf", "a Set-Cookie: x=1.pdf"),
        ("\x00\x07", ".pdf", "document.pdf"),
        (".pdf", ".pdf", "document.pdf"),
        ("...", ".odt", "document.odt"),
        ("خطة وطنية.docx", ".docx", "خطة وطنية.docx"),
        ("\ud800x.png", ".png", "x.png"),
    ],
)
def test_a_name_is_shown_without_what_could_mislead(given: str, ending: str, shown: str) -> None:
    assert shown_name(given, ending) == shown


def test_a_long_name_is_cut_before_its_ending() -> None:
    assert shown_name("x" * 400 + ".docx", ".docx") == "x" * 195 + ".docx"
    assert len(shown_label("y" * 400, "https://example.org")) == 200
    assert shown_label(" \u202e ", "https://example.org") == "https://example.org"
