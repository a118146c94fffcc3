"""The pages under /questionnaires."""

from flask import Blueprint

blueprint = Blueprint("questionnaires", __name__, url_prefix="/questionnaires")
