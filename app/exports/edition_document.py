"""The edition of a summary that is published: what is kept of it, and the files that are made of that.

Only what a document may show is kept: the statements with their sources as the attribution in force allows,
never what staff see beside them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.exports import docx, html, pdf, stored, summary_document
from app.exports.blocks import Document
from app.exports.wording import day
from app.findings.evidence import Setting
from app.findings.stable import summary_json
from app.findings.summary import Summary
from app.i18n import _

FORMAT = "rapporteur-edition/1"


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition as it was published."""

    content: Mapping[str, Any]
    number: int
    published_at: datetime
    digest: str


def content_of(summary: Summary, setting: Setting, now: datetime) -> dict[str, Any]:
    """What an edition keeps: the stable form of the summary, and the whole document."""
    return {
        "format": FORMAT,
        "title": setting.iscm.short_name,
        "zone": setting.zone,
        "summary": summary_json(summary, now),
        "document": stored.plain(summary_document.document(summary, setting, now)),
    }


def document(edition: Edition) -> Document:
    """The document as it was published, its edition and fingerprint in the foot."""
    kept = stored.restored(edition.content["document"])
    published = day(edition.published_at, edition.content["zone"], kept.language)
    foot = _(
        "%(mechanism)s · edition %(number)s, %(day)s · SHA-256 %(digest)s",
        mechanism=edition.content["title"],
        number=edition.number,
        day=published,
        digest=edition.digest,
    )
    return replace(kept, foot=foot)


def render(edition: Edition, fmt: str) -> bytes:
    """The edition as a file (docx, pdf, html or json); the same edition gives the same bytes.

    Raises ``ValueError`` for another format.
    """
    if fmt == "json":
        head = {"edition": edition.number, "published_at": edition.published_at.isoformat()}
        data = {**head, "digest": edition.digest, **edition.content["summary"]}
        return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
    writers = {"docx": docx.write, "pdf": pdf.write, "html": html.write}
    if fmt not in writers:
        raise ValueError(f"There is no format {fmt!r}; use one of docx, pdf, html, json")
    return writers[fmt](document(edition))
