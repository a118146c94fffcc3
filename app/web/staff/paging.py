"""Long lists, page by page: which one is asked for, and what the links to the others are."""

from dataclasses import dataclass

from flask import request

PER_PAGE = 100


@dataclass(frozen=True)
class Page:
    """One page of a list: its number from 1, how many there are, and which things it shows."""

    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.per_page))

    @property
    def first_shown(self) -> int:
        """Which thing of the list, from 1, stands first on the page."""
        return min(self.total, (self.number - 1) * self.per_page + 1)

    @property
    def last_shown(self) -> int:
        """Which stands last."""
        return min(self.total, self.number * self.per_page)

    @property
    def start(self) -> int:
        """How many things of the list stand before the page."""
        return (self.number - 1) * self.per_page


def number() -> int:
    """The page that the address asks for; the first where it asks for none."""
    asked = request.args.get("page", "1")
    return min(max(1, int(asked)), 100_000) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def page_of(total: int, per_page: int = PER_PAGE) -> Page:
    """The page that is asked for, of a list of that length; beyond its end the last one."""
    last = max(1, -(-total // per_page))
    return Page(min(number(), last), total, per_page)
