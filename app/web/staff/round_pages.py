"""All pages of rounds: importing them is what gives the blueprint its addresses."""

from app.web.staff import cases, on_behalf, participants, round_acts, round_asked
from app.web.staff.rounds import blueprint

PAGES = (cases, on_behalf, participants, round_acts, round_asked)

__all__ = ["PAGES", "blueprint"]
