"""The pages of who has answered: figures, lists, item response, the chase list, and views that are kept."""

from importlib import import_module

from app.web.tracking.blueprint import blueprint, chase, views

VIEWS = ("chasing", "keeping", "pages", "pictures", "questions")
"""The modules whose views hang on the blueprints."""

for name in VIEWS:
    import_module(f"{__name__}.{name}")

__all__ = ["blueprint", "chase", "views"]
