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
    "forms",
    "copies",
    "history",
    "language",
    "mechanisms",
    "overview",
    "pages",
    "presence",
    "ready",
    "records",
    "requests",
    "since_last",
    "submit",
    "team",
    "summaries",
    "threads",
)
"""The modules whose views hang on the blueprint."""

for name in VIEWS:
    import_module(f"{__name__}.{name}")

__all__ = ["blueprint"]
