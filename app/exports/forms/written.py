"""What somebody wrote into a form, sorted by answer: what changed, what is missing, what cannot be read."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.exports.forms.manifest import Manifest, Shape, Shipped, digest_of
from app.exports.forms.model import Way, name_of, name_of_option
from app.i18n import _


@dataclass
class Written:
    """What a reader found in a file, under the names that the form gave: texts, boxes, and what cannot be
    taken over, in sentences.
    """

    token: str
    texts: dict[str, str] = field(default_factory=dict)
    ticks: dict[str, bool] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)

    def put(self, name: str, text: str) -> None:
        """Keep a text; a second, different one under the same name is a fault."""
        if self.texts.setdefault(name, text) != text:
            self.fault(name, _("This box stands twice in the file. Keep one of the two"))

    def fault(self, name: str, sentence: str) -> None:
        """Note that what stands there cannot be read."""
        if sentence not in self.faults.setdefault(name, []):
            self.faults[name].append(sentence)

    def leave_out(self, name: str, sentence: str) -> None:
        """Note that something beside the text is not taken over."""
        if sentence not in self.left_out.setdefault(name, []):
            self.left_out[name].append(sentence)


@dataclass(frozen=True, slots=True)
class Filled:
    """One answer that was changed in the file: its parts as a page would post them."""

    number: int
    shipped: Shipped
    parts: dict[str, list[str]]
    faults: tuple[str, ...]
    left_out: tuple[str, ...]


def changed(manifest: Manifest, written: Written) -> Iterator[Filled]:
    """Every answer that differs from what the form was shipped with, in the order of the form.

    A box that is no longer in the file says nothing: its answer is left as it is.
    """
    for number, shipped in enumerate(manifest.shipped):
        parts: dict[str, list[str]] = {}
        faults: list[str] = []
        left_out: list[str] = []
        for shape in shipped.shapes:
            name = name_of(number, shape.part)
            faults += written.faults.get(name, [])
            left_out += written.left_out.get(name, [])
            found = _ticked(shape, name, written) if shape.way is Way.TICKS else _text(shape, name, written)
            if found is not None:
                parts[shape.part] = found
        if len(parts) < len(shipped.shapes) and not faults:
            continue
        if faults or digest_of(parts) != shipped.digest:
            yield Filled(number, shipped, parts, tuple(faults), tuple(left_out))


def _ticked(shape: Shape, name: str, written: Written) -> list[str] | None:
    boxes = [written.ticks.get(name_of_option(name, place)) for place in range(len(shape.options))]
    if None in boxes:
        return None
    return [key for (key, _words), ticked in zip(shape.options, boxes, strict=True) if ticked]


def _text(shape: Shape, name: str, written: Written) -> list[str] | None:
    text = written.texts.get(name)
    if text is None:
        return None
    if shape.way is Way.PICK:
        text = _key(shape, text)
    return [text] if text.strip() else []


def _key(shape: Shape, text: str) -> str:
    """The key of the option with these words; what is no option is kept, so that it is refused in words."""
    bare = _bare(text)
    meant = [key for key, words in shape.options if bare == _bare(words)]
    meant += [key for key, _words in shape.options if bare == key]
    return meant[0] if meant else text.strip()


def _bare(words: str) -> str:
    return " ".join(words.split()).casefold()
