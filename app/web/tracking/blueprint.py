"""The blueprints that the pages of tracking hang on."""

from flask import Blueprint

blueprint = Blueprint("tracking", __name__)
chase = Blueprint("chase", __name__)
views = Blueprint("views", __name__, url_prefix="/views")
