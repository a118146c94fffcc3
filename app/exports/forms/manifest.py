"""What a form carries about itself, signed: whose it is, of which questionnaire, and with what it left.

Only what differs from what was shipped counts as written by somebody; the revision that the form showed says
whether the answer has changed online since.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

from app.exports.forms.model import Control, Form, Spot, Way
from app.i18n import _

FORMAT = 1
_SALT = "a form to fill in offline"

Parts = Mapping[str, Sequence[str]]


class FormRefused(Exception):
    """The file is not taken at all; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One control as the reader must know it."""

    part: str
    way: Way
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shipped:
    """One answer as the form was made: its place, what is filled in, the revision and the content shown."""

    spot: Spot
    key: str
    item: str
    shapes: tuple[Shape, ...]
    revision: int
    digest: str


@dataclass(frozen=True, slots=True)
class About:
    """Whose form it is: the response, the questionnaire's version and digest, which parts, when and how."""

    response: UUID
    version: UUID
    digest: str
    scope: str
    locale: str
    made_at: datetime
    blank: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """The form's own account of itself; an answer's number is its place in ``shipped``."""

    about: About
    shipped: tuple[Shipped, ...]


def digest_of(parts: Parts) -> str:
    """A fingerprint of what is filled in, blind to what Word and Excel do to line ends."""
    told = {part: [canonical(value) for value in values] for part, values in parts.items()}
    told = {part: [value for value in values if value] for part, values in told.items()}
    written = json.dumps({part: values for part, values in told.items() if values}, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:24]


def canonical(text: str) -> str:
    """The text with line feeds only, without white space at the ends of its lines and empty lines around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def parts_of(controls: Sequence[Control]) -> dict[str, list[str]]:
    """What is filled in, by part."""
    return {control.part: list(control.values) for control in controls}


def sign(form: Form, about: About, secret: str) -> str:
    """The manifest of the form as one signed word."""
    return URLSafeSerializer(secret, salt=_SALT).dumps(_packed(form, about)).strip()


class _Table:
    """Things that many answers share, each kept once and named by its place."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self._places: dict[str, int] = {}

    def place(self, row: Any) -> int:
        key = json.dumps(row, ensure_ascii=False)
        if key not in self._places:
            self._places[key] = len(self.rows)
            self.rows.append(row)
        return self._places[key]


def _packed(form: Form, about: About) -> dict[str, Any]:
    lists, shapes, spots = _Table(), _Table(), _Table()
    shipped = []
    for field in form.fields():
        drawn = [
            [control.part, control.way.value, lists.place([list(option) for option in control.options])]
            for control in field.controls
        ]
        spot = field.spot
        place = spots.place([spot.instance and str(spot.instance), spot.group, spot.slot and str(spot.slot)])
        fingerprint = digest_of(parts_of(field.controls))
        shipped.append([place, field.key, field.item, shapes.place(drawn), field.revision, fingerprint])
    return {
        "format": FORMAT,
        "response": str(about.response),
        "version": str(about.version),
        "digest": about.digest,
        "scope": about.scope,
        "locale": about.locale,
        "made": about.made_at.isoformat(),
        "blank": about.blank,
        "lists": lists.rows,
        "shapes": shapes.rows,
        "spots": spots.rows,
        "shipped": shipped,
    }


def load(token: str, secret: str) -> Manifest:
    """The manifest that was signed here. Raises FormRefused for any other."""
    if not token:
        raise FormRefused(
            _("This file is not one of our forms, or the program that saved it dropped its key.")
        )
    try:
        packed = URLSafeSerializer(secret, salt=_SALT).loads("".join(token.split()))
    except BadData:
        raise FormRefused(
            _("The key inside this form was changed, or it was not made here. Download a new form.")
        ) from None
    if packed.get("format") != FORMAT:
        raise FormRefused(_("This form was made by another version of the service. Download a new form."))
    return _unpacked(packed)


def _unpacked(packed: Mapping[str, Any]) -> Manifest:
    lists = [tuple((key, words) for key, words in options) for options in packed["lists"]]
    shapes = [
        tuple(Shape(part, Way(way), lists[place]) for part, way, place in drawn) for drawn in packed["shapes"]
    ]
    spots = [
        Spot(UUID(instance) if instance else None, group, UUID(slot) if slot else None)
        for instance, group, slot in packed["spots"]
    ]
    about = About(
        response=UUID(packed["response"]),
        version=UUID(packed["version"]),
        digest=packed["digest"],
        scope=packed["scope"],
        locale=packed["locale"],
        made_at=datetime.fromisoformat(packed["made"]),
        blank=packed["blank"],
    )
    shipped = tuple(
        Shipped(spots[spot], key, item, shapes[shape], revision, fingerprint)
        for spot, key, item, shape, revision, fingerprint in packed["shipped"]
    )
    return Manifest(about, shipped)
