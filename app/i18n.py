"""The words of the layers below the web, translated when a translator has been installed."""

from typing import Protocol


class Translator(Protocol):
    """Turns an English text, and its plural if it has one, into the reader's language."""

    def one(self, text: str) -> str:
        """The text in the reader's language."""

    def many(self, one: str, many: str, n: int) -> str:
        """The form that the reader's language uses for n."""


class _AsWritten:
    def one(self, text: str) -> str:
        return text

    def many(self, one: str, many: str, n: int) -> str:
        return one if n == 1 else many


_translator: Translator = _AsWritten()


def install(translator: Translator) -> None:
    """Sends the words of the lower layers through this translator from now on."""
    global _translator  # noqa: PLW0603 - the one place where the process chooses its translator
    _translator = translator


def _(text: str, /, **values: object) -> str:
    """The text in the reader's language, `%(name)s` filled from the values; English by default."""
    words = _translator.one(text)
    return words % values if values else words


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """The form for n in the reader's language, `%(num)s` filled with n and the rest from the values."""
    return _translator.many(one, many, n) % {"num": n, **values}
