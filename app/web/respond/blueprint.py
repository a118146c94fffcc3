"""The blueprint that the respondents' views hang on."""

from flask import Blueprint

blueprint = Blueprint("respond", __name__, url_prefix="/responses/<uuid:response_id>")
