"""The round that an address names."""

from flask import abort

from app.models import Round
from app.queries import round_overview
from app.web.transactions import session


def the_round(code: str) -> Round:
    """The round with this code. Aborts with 404."""
    return round_overview.round_by_code(session(), code) or abort(404)
