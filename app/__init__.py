"""Questionnaires on consultation mechanisms, and summaries in which every sentence cites its answers."""

from flask import Flask

from app.cli import init_cli
from app.web.setup import init_web
from config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application, ready to serve. Raises config.SettingsError when it must not start."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None, instance_path=str(settings.instance))
    app.extensions["settings"] = settings
    init_web(app, settings)
    init_cli(app)
    return app
