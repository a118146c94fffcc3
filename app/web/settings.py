"""The settings of the running application, for views."""

from flask import current_app

from config import Settings


def settings() -> Settings:
    """The settings that the application was made with."""
    found: Settings = current_app.extensions["settings"]
    return found
