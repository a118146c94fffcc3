"""The settings of the running application, for views."""

from flask import current_app

from config import Settings


def settings() -> Settings:
    """The settings that the application was made with."""
    found = current_app.extensions["settings"]
    assert isinstance(found, Settings)  # noqa: S101 - narrows what Flask keeps as Any
    return found
