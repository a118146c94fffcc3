"""Survey staff and their questionnaires: seen, previewed, compared, published, piloted, moved to."""

from importlib import import_module

from app.web.questionnaires.blueprint import blueprint

VIEWS = ("comparing", "pages", "pilots", "preview", "publishing")
"""The modules whose views hang on the blueprint."""

for name in VIEWS:
    import_module(f"{__name__}.{name}")

__all__ = ["blueprint"]
