"""The parts of a Word file around its text: styles, settings, footnotes, metadata; always the same bytes.

python-docx writes the text but knows no footnotes; their part is a small file of its own (ECMA-376 part 1,
17.11).
"""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from app.exports.blocks import Document, Note, direction, printable

_PARTS = Path(__file__).with_name("word")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = {"stylesWithEffects", "webSettings", "theme", "customXml", "thumbnail"}
# Word proofs a language of a region; the register's spelling is that of the United Nations.
_REGIONS = {"ar": "ar-SA", "en": "en-GB", "es": "es-ES", "fr": "fr-FR", "ru": "ru-RU"}
_ARABIC_SCRIPTS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

Xml = BaseOxmlElement


def element(tag: str, /, **attributes: str) -> Xml:
    """A WordprocessingML element, its attributes in the ``w`` namespace."""
    made: Xml = parse_xml(
        f'<w:{tag} xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    )
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def text_run(text: str, style: str = "", language: str = "") -> Xml:
    """A run; line feeds become line breaks, tabs tabs; text in a right-to-left script is marked so."""
    run = element("r")
    properties = element("rPr")
    if style:
        properties.append(element("rStyle", val=style))
    if _ARABIC_SCRIPTS.search(text):
        properties.append(element("rtl"))
        properties.append(element("lang", bidi=language or "ar"))
    elif language:
        properties.append(element("lang", val=language))
    if len(properties):
        run.append(properties)
    for line_number, line in enumerate(printable(text).split("\n")):
        if line_number:
            run.append(element("br"))
        for piece_number, piece in enumerate(line.split("\t")):
            if piece_number:
                run.append(element("tab"))
            run.append(_text(piece))
    return run


def open_package(document: Document) -> WordDocument:
    """An empty Word document with our styles, settings, notes and the document's metadata."""
    word = docx.Document()
    for part in (word.part, word.part.package):
        for key, relationship in list(part.rels.items()):
            if relationship.reltype.rsplit("/", 1)[-1] in _LEFT_OUT | {"fontTable"}:
                part.rels.pop(key)
    _replace(word.styles.element, "styles.xml")
    _replace(word.settings.element, "settings.xml")
    _replace(word.part.numbering_part.element, "numbering.xml")
    _add_part(
        word, "fontTable", CONTENT_TYPE.WML_FONT_TABLE, RELATIONSHIP_TYPE.FONT_TABLE, _read("fontTable.xml")
    )
    footnotes = _footnotes(document.notes, document.language)
    _add_part(word, "footnotes", CONTENT_TYPE.WML_FOOTNOTES, RELATIONSHIP_TYPE.FOOTNOTES, footnotes)
    _set_language(word, document.language)
    _set_metadata(word, document)
    return word


def close_package(word: WordDocument) -> bytes:
    """The file: entries in order of name, all of one date, so that equal documents are equal bytes."""
    written = io.BytesIO()
    word.save(written)
    packed = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return packed.getvalue()


def _text(piece: str) -> Xml:
    text = element("t")
    text.text = piece
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return text


def _read(name: str) -> bytes:
    return (_PARTS / name).read_bytes()


def _replace(root: Xml, name: str) -> None:
    root[:] = list(parse_xml(_read(name)))


def _add_part(word: WordDocument, name: str, content_type: str, relation: str, blob: bytes) -> None:
    part = Part(PackURI(f"/word/{name}.xml"), content_type, blob, word.part.package)
    word.part.relate_to(part, relation)


def _footnotes(notes: tuple[Note, ...], language: str) -> bytes:
    root = parse_xml(_read("footnotes.xml"))
    for note in notes:
        footnote = element("footnote", id=str(note.number))
        paragraph = element("p")
        properties = element("pPr")
        properties.append(element("pStyle", val="FootnoteText"))
        if direction(language) == "rtl":
            properties.append(element("bidi"))
        mark = element("r")
        mark_properties = element("rPr")
        mark_properties.append(element("rStyle", val="FootnoteReference"))
        mark.extend([mark_properties, element("footnoteRef")])
        paragraph.extend([properties, mark, text_run(f"\t{note.text}")])
        footnote.append(paragraph)
        root.append(footnote)
    written: bytes = serialize_part_xml(root)
    return written


def _set_language(word: WordDocument, language: str) -> None:
    """The document's language in its defaults; a right-to-left one turns every paragraph there too."""
    defaults = word.styles.element.find(qn("w:docDefaults"))
    for lang in defaults.iter(qn("w:lang")):
        lang.set(qn("w:bidi" if direction(language) == "rtl" else "w:val"), _REGIONS.get(language, language))
    if direction(language) == "rtl":
        for properties in defaults.iter(qn("w:pPr")):
            properties.insert(0, element("bidi"))


def _set_metadata(word: WordDocument, document: Document) -> None:
    properties = word.core_properties
    properties.title = printable(document.title)
    properties.subject = printable(document.description)
    properties.author = properties.last_modified_by = printable(document.publisher)
    properties.language = document.language
    properties.comments = ""
    if document.produced is not None:
        _set_dates(word, document.produced)
        return
    core = properties._element
    for name in ("dcterms:created", "dcterms:modified"):
        for dated in core.findall(qn(name)):
            core.remove(dated)


def _set_dates(word: WordDocument, produced: datetime) -> None:
    word.core_properties.created = word.core_properties.modified = produced.replace(microsecond=0)
