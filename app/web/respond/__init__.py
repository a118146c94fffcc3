"""The respondents' pages: overview, questions, records, quoting, checking, submitting, history."""

from importlib import import_module

from app.web.respond.blueprint import blueprint

VIEWS = (
    "attachments",
    "attribution",
    "autosave",
    "check",
    "clearance",
    "conflict",
    "copies",
    "history",
    "language",
    "mechanisms",
    "overview",
    "pages",
    "records",
    "requests",
    "since_last",
    "submit",
    "summaries",
    "threads",
)
"""The modules whose views hang on the blueprint."""

for name in VIEWS:
    import_module(f"{__name__}.{name}")

__all__ = ["blueprint"]
