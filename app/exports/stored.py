"""A document as plain data and back: what an edition keeps, so that its files say what was published."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from app.exports import blocks
from app.exports.blocks import Document, Role, Style

KIND = "is"
_KINDS: Mapping[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        Document,
        blocks.Bullets,
        blocks.Cell,
        blocks.Cite,
        blocks.Disclaimer,
        blocks.Heading,
        blocks.Note,
        blocks.Notice,
        blocks.PageBreak,
        blocks.Paragraph,
        blocks.Run,
        blocks.Table,
        blocks.TitleBlock,
    )
}
_READ: Mapping[str, Callable[[Any], Any]] = {
    "style": Style,
    "role": Role,
    "produced": lambda moment: datetime.fromisoformat(moment) if moment else None,
}


def plain(value: Any) -> Any:
    """The document, or a part of it, as JSON holds it. Raises TypeError for what no edition has."""
    if is_dataclass(value) and not isinstance(value, type):
        if type(value).__name__ not in _KINDS:
            raise TypeError(f"an edition holds no {type(value).__name__}")
        said = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        return {KIND: type(value).__name__, **said}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def restored(data: Mapping[str, Any]) -> Document:
    """The document that was kept. Raises KeyError or TypeError for other data."""
    found = _restored(data)
    if not isinstance(found, Document):
        raise TypeError("this is no document")
    return found


def _restored(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(_restored(each) for each in data)
    if not isinstance(data, Mapping):
        return data
    kind = _KINDS[data[KIND]]
    values = {name: _restored(each) for name, each in data.items() if name != KIND}
    for name in values.keys() & _READ.keys():
        values[name] = _READ[name](values[name])
    return kind(**values)
