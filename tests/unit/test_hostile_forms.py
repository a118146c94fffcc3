"""Hostile forms are refused within bounds, each read in a process with little time and memory."""

import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.filling import SECRET, repacked
from tests.unit.exports.forms.making import QUESTIONNAIRES, Answered, file_of

PROJECT = Path(__file__).parents[2]
CPU_SECONDS = 15
MEMORY = 600 * 1024 * 1024

# One process reads every file of a folder, each in a fork of its own with limits of its own.
CHILD = """
import json, os, resource, sys
from pathlib import Path
from app.exports.forms import files
from app.exports.forms.manifest import FormRefused
from app.exports.forms.written import changed

cpu, memory, secret = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
for path in sorted(Path(sys.argv[1]).glob("*.form")):
    if os.fork():
        _pid, status, usage = os.wait3(0)
        if status:
            path.with_suffix(".json").write_text(json.dumps(["died", str(status)]))
        continue
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        found = ["taken", str(len(list(changed(*files.read(path.read_bytes(), secret)))))]
    except FormRefused as refused:
        found = ["refused", str(refused)]
    path.with_suffix(".json").write_text(json.dumps(found))
    os._exit(0)
"""


def good(kind: str) -> bytes:
    return file_of(QUESTIONNAIRES["feature records"], kind, Answered(answered=False))


WORD, EXCEL = good("docx"), good("xlsx")
BODY = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
DOCUMENT = b"word/document.xml"


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name)


def word(document: bytes) -> bytes:
    return repacked(WORD, {"word/document.xml": document})


def excel(name: str, content: bytes) -> bytes:
    return repacked(EXCEL, {name: content})


def shared(strings: bytes) -> bytes:
    """The workbook with these shared strings, and its manifest said to be the first of them."""
    with zipfile.ZipFile(io.BytesIO(EXCEL)) as package:
        last = sorted(name for name in package.namelist() if "worksheets/" in name)[-1]
    rels = part(EXCEL, "xl/_rels/workbook.xml.rels")
    type_ = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = b'<Relationship Type="%s" Target="sharedStrings.xml" Id="rX"/></Relationships>' % type_
    cell = b'<row><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>'
    changed: dict[str, bytes | None] = {
        "xl/_rels/workbook.xml.rels": rels.replace(b"</Relationships>", link),
        "xl/sharedStrings.xml": STRINGS + strings + b"</sst>",
        last: SHEET + cell,
    }
    return repacked(EXCEL, changed)


def entities(content: bytes, declared: bytes) -> bytes:
    head, rest = (
        content.split(b"?>", 1) if content.startswith(b"<?xml") else (b'<?xml version="1.0"', content)
    )
    return head + b"?><!DOCTYPE x [" + declared + b"]>" + rest


BOMB = (
    b'<!ENTITY a "'
    + b"x" * 1000
    + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
)


def lying(data: bytes, name: bytes, claimed: int) -> bytes:
    """The package with another size claimed for one part, in the directory and before the part itself."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        size = package.getinfo(name.decode()).file_size
    found = bytearray(data)
    for signature, offset, name_at in ((b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30)):
        start = 0
        while (start := found.find(signature, start)) >= 0:
            if found[start + name_at : start + name_at + len(name)] == name:
                assert struct.unpack_from("<I", found, start + offset)[0] == size
                struct.pack_into("<I", found, start + offset, claimed)
            start += 4
    return bytes(found)


def retyped(data: bytes, before: bytes, after: bytes) -> bytes:
    types = part(data, "[Content_Types].xml")
    assert before in types
    return repacked(data, {"[Content_Types].xml": types.replace(before, after)})


def encrypted(data: bytes) -> bytes:
    found = bytearray(data)
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = 0
        while (start := found.find(signature, start)) >= 0:
            found[start + offset] |= 1
            start += 4
    return bytes(found)


def linked(data: bytes, type_: bytes) -> bytes:
    rels = part(data, "word/_rels/document.xml.rels")
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    link = b'<Relationship Id="rX" Type="%s" Target="https://evil.example/x" TargetMode="External"/>' % (
        office + type_
    )
    return repacked(
        data, {"word/_rels/document.xml.rels": rels.replace(b"</Relationships>", link + b"</Relationships>")}
    )


def manifest_changed(data: bytes, name: str) -> bytes:
    """The package with one letter of its signed manifest changed."""
    content = part(data, name)
    place = content.rindex(b">", 0, content.rindex(b"</")) + 40
    letter = b"A" if content[place : place + 1] != b"A" else b"B"
    return repacked(data, {name: content[:place] + letter + content[place + 1 :]})


def twice(data: bytes) -> bytes:
    written = io.BytesIO(data)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(written, "a") as package:
        package.writestr("word/document.xml", BODY + b"</w:body></w:document>")
    return written.getvalue()


def many_parts() -> bytes:
    return repacked(WORD, {f"word/media/image{n}.png": b"" for n in range(20_000)})


def nested() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("zeros", b"\0" * 20_000_000)
    return repacked(WORD, {f"word/embeddings/{n}.zip": inner.getvalue() for n in range(3)})


ROW = b'<row><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
MAIN_WORD = b"wordprocessingml.document.main+xml"
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "Choose the file first"),
    "a text": (lambda: b"Dear colleagues", "neither a Word file"),
    "a PDF": (lambda: b"%PDF-1.7 ...", "neither a Word file"),
    "a page": (lambda: b"<html><script>alert(1)</script></html>", "neither a Word file"),
    "five megabytes": (lambda: b"PK\x03\x04" + b"x" * 5_000_000, "larger than 4 MB"),
    "an old Word file": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5_000,
        "old format or protected",
    ),
    "half a file": (lambda: WORD[: len(WORD) // 2], "damaged"),
    "only a signature": (lambda: b"PK\x03\x04", "damaged"),
    "a bomb of one part": (lambda: word(b"\0" * 200_000_000), "unpacks to far more"),
    "a bomb of many parts": (
        lambda: repacked(WORD, {f"word/x{n}.xml": b"\0" * 20_000_000 for n in range(5)}),
        "unpacks to far more",
    ),
    "too many parts": (many_parts, "unpacks to far more"),
    "a bomb inside an attachment": (nested, ""),
    "a lying size, smaller": (lambda: lying(word(BODY + b" " * 20_000_000), DOCUMENT, 1_000), "damaged"),
    "a lying size, larger": (lambda: lying(WORD, DOCUMENT, 20_000_000), "damaged"),
    "two parts of one name": (lambda: twice(WORD), "damaged"),
    "encrypted parts": (lambda: encrypted(WORD), "damaged"),
    "an entity bomb": (lambda: word(entities(part(WORD, "word/document.xml"), BOMB)), "document type"),
    "an entity bomb in a workbook": (
        lambda: excel("xl/workbook.xml", entities(part(EXCEL, "xl/workbook.xml"), BOMB)),
        "document type",
    ),
    "an entity from a file": (
        lambda: word(
            entities(BODY, b'<!ENTITY x SYSTEM "file:///etc/passwd">') + b"&x;</w:body></w:document>"
        ),
        "document type",
    ),
    "an entity bomb in another encoding": (
        lambda: word(entities(BODY, BOMB).decode().replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16")),
        "document type",
    ),
    "entities among the types": (
        lambda: repacked(WORD, {"[Content_Types].xml": entities(part(WORD, "[Content_Types].xml"), BOMB)}),
        "document type",
    ),
    "deep nesting": (lambda: word(BODY + b"<w:p>" * 500_000), "too deeply"),
    "a million paragraphs": (
        lambda: word(BODY + b"<w:p/>" * 1_000_000 + b"</w:body></w:document>"),
        "far more rows",
    ),
    "a million rows": (
        lambda: excel("xl/worksheets/sheet2.xml", SHEET + ROW * 350_000 + b"</sheetData></worksheet>"),
        "far more rows",
    ),
    "a million strings": (
        lambda: shared(b"<si><t>x</t></si>" * 700_000),
        "far more rows",
    ),
    "one huge string": (
        lambda: shared(b"<si><t>" + b"x" * 23_000_000 + b"</t></si>"),
        "was changed",
    ),
    "many attributes": (
        lambda: word(b"<x " + b" ".join(b'a%d="1"' % n for n in range(1_000_000)) + b"/>"),
        "damaged",
    ),
    "one huge tag": (lambda: word(b"<x" + b"y" * 23_000_000 + b"/>"), "damaged"),
    "an unfinished comment": (lambda: word(b"<!--" + b"- " * 10_000_000), "damaged"),
    "no XML": (lambda: word(b"\x89PNG" + b"\0" * 1000), "damaged"),
    "macros": (
        lambda: retyped(
            WORD,
            b"application/vnd.openxmlformats-officedocument." + MAIN_WORD,
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        ),
        "macros",
    ),
    "macros on the side": (lambda: repacked(WORD, {"word/vbaProject.bin": b"x"}), "macros"),
    "a template": (
        lambda: retyped(WORD, MAIN_WORD, b"wordprocessingml.template.main+xml"),
        "neither a Word file",
    ),
    "a drawing": (
        lambda: retyped(WORD, MAIN_WORD, b"presentationml.presentation.main+xml"),
        "neither a Word file",
    ),
    "another workbook's cells": (lambda: excel("xl/externalLinks/externalLink1.xml", b"<x/>"), "other files"),
    "a picture from elsewhere": (lambda: linked(WORD, b"image"), "other files"),
    "an object from elsewhere": (lambda: linked(WORD, b"oleObject"), "other files"),
    "no manifest": (
        lambda: repacked(WORD, {"customXml/item1.xml": None, "docProps/custom.xml": None}),
        "not one of our forms",
    ),
    "a changed manifest": (lambda: manifest_changed(WORD, "customXml/item1.xml"), "was changed"),
    "no _meta": (
        lambda: excel("xl/workbook.xml", part(EXCEL, "xl/workbook.xml").replace(b'"_meta"', b'"meta"')),
        "not one of our forms",
    ),
    "somebody's own key": (
        lambda: repacked(WORD, {"customXml/item1.xml": b'<form xmlns="urn:rapporteur:form">e30.sig</form>'}),
        "was changed",
    ),
    "a cell of no string": (lambda: shared(b""), "damaged"),
    "a compressed bomb of noise": (lambda: word(zlib.compress(b"\0" * 30_000_000) * 20), "damaged"),
}
GOOD = {"a Word form": WORD, "an Excel form": EXCEL, "a link in the text": linked(WORD, b"hyperlink")}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    folder = tmp_path_factory.mktemp("hostile")
    contents = {**{name: make() for name, (make, _words) in HOSTILE.items()}, **GOOD}
    for number, content in enumerate(contents.values()):
        (folder / f"{number}.form").write_bytes(content)
    arguments = [sys.executable, "-c", CHILD, str(folder), str(CPU_SECONDS), str(MEMORY), SECRET]
    subprocess.run(arguments, cwd=PROJECT, check=True, timeout=280)
    return {
        name: json.loads((folder / f"{number}.json").read_text(encoding="utf-8"))
        for number, name in enumerate(contents)
    }


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_form_is_refused_within_bounds(name: str, outcomes: dict[str, list[str]]) -> None:
    verdict, words = outcomes[name]
    if name == "a bomb inside an attachment":  # never unpacked, so it does no harm
        assert verdict in ("refused", "taken")
        return
    assert verdict == "refused", words
    assert HOSTILE[name][1] in words


@pytest.mark.parametrize("name", GOOD)
def test_a_sound_form_is_taken_under_the_same_bounds(name: str, outcomes: dict[str, list[str]]) -> None:
    assert outcomes[name] == ["taken", "0"]
