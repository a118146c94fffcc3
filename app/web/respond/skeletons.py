"""Drawing a question in two steps: once with gaps, then, at each request, with what belongs in the gaps.

What a question says is the same at every request; only its number, its answer and who wrote it differ. So a
template is run once with stand-ins for what differs, its text is cut at the gaps, and a page is put together
from the pieces. The pieces are bytes, as they leave: a page of forty questions has a hundred thousand, which
as text would be copied several times.
"""

import re
from collections.abc import Mapping
from itertools import repeat
from typing import TypeAlias

from markupsafe import Markup

Skeleton: TypeAlias = tuple[tuple[bytes, ...], tuple[str, ...]]
"""What stands before, between and after the gaps, and the names of the gaps."""

_GAP = re.compile("\ue000([^\ue001]*)\ue001")


class Gaps:
    """Stands in for what differs: every name, and every option that may be chosen, becomes a gap."""

    def __getattr__(self, name: str) -> Markup:
        return self.of(name)

    def chosen(self, key: str) -> Markup:
        """The gap for the mark of an option that is chosen."""
        return self.of(f"chosen:{key}")

    @staticmethod
    def of(name: str) -> Markup:
        """The gap of that name."""
        return Markup("\ue000{}\ue001").format(name)


class Filled:
    """What differs, as it is in one drawing: the same names as `Gaps`, with their values."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Markup:
        return self.of(name)

    def chosen(self, key: str) -> Markup:
        """The mark of an option, if it is chosen."""
        return self.of(f"chosen:{key}")

    def of(self, name: str) -> Markup:
        """The value, which is HTML already, or nothing."""
        return Markup(self._values.get(name, ""))  # noqa: S704 - escaped where the values are made


def cut(drawn: str) -> Skeleton:
    """Return the pieces of what was drawn with gaps."""
    parts = _GAP.split(drawn)
    return tuple(part.encode() for part in parts[::2]), tuple(parts[1::2])


def fill(skeleton: Skeleton, values: Mapping[str, str]) -> bytes:
    """Return the pieces with the values in the gaps; a gap without a value stays empty."""
    between, names = skeleton
    pieces = [b""] * (len(between) + len(names))
    pieces[::2] = between
    pieces[1::2] = map(str.encode, map(values.get, names, repeat("")))
    return b"".join(pieces)
