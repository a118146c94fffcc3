"""What is wrong with a form, as its page shows it: pairs of a field and what to do about it."""

from collections.abc import Iterable

Errors = list[tuple[str, str]]


def wrong_of(errors: Iterable[tuple[str, str]] | None) -> dict[str, list[str]]:
    """What is wrong, by field."""
    wrong: dict[str, list[str]] = {}
    for field, words in errors or ():
        wrong.setdefault(field, []).append(words)
    return wrong
