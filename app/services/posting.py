"""How a letter leaves: to a mail server, or as a file. It goes in two steps, so that it is never sent twice.

``offer`` names sender and recipient; only then is noted that the letter is handed over; ``hand_over`` gives
the text away. Whoever is cut off in between knows which of the two it was.
"""

from email.message import EmailMessage
from pathlib import Path
from typing import Protocol


class Trouble(Exception):
    """The letter did not go out; the message is what a server said, or why none could be asked."""


class Unreachable(Trouble):
    """There is no connection to be had, whatever the letter."""


class Deferred(Trouble):
    """Not now; nothing of it was taken."""


class Refused(Trouble):
    """Never; ``address_fails`` if it is for the recipient's address."""

    def __init__(self, words: str, *, address_fails: bool = False) -> None:
        super().__init__(words)
        self.address_fails = address_fails


class NoAnswer(Trouble):
    """The text was handed over, and nobody said what became of it."""


class Connection(Protocol):
    """A way out that takes one letter after the other, until it is ``lost``."""

    @property
    def lost(self) -> bool:
        """Whether it takes no more letters."""
        ...

    def offer(self, letter: EmailMessage) -> None:
        """Name sender and recipient. Raises Deferred or Refused."""
        ...

    def hand_over(self, letter: EmailMessage) -> None:
        """Give the text of the letter that was offered. Raises Deferred, Refused or NoAnswer."""
        ...

    def close(self) -> None:
        """End it; never raises."""
        ...


class Mailer(Protocol):
    """Where connections come from."""

    def connect(self) -> Connection:
        """A connection. Raises Unreachable."""
        ...


class FolderMailer:
    """Writes each letter as a file: for places without a mail server."""

    lost = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def connect(self) -> "FolderMailer":
        """Itself, with its folder made."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as missing:
            raise Unreachable(f"The folder for letters cannot be made: {missing.strerror}.") from missing
        return self

    def offer(self, letter: EmailMessage) -> None:
        """A folder takes every letter."""

    def hand_over(self, letter: EmailMessage) -> None:
        """Write the letter, readable by the owner only, whole or not at all."""
        name = str(letter["Message-ID"]).strip("<>").partition("@")[0]
        unfinished = self._folder / f".{name}"
        try:
            unfinished.touch(mode=0o600)
            unfinished.write_bytes(bytes(letter))
            unfinished.rename(self._folder / f"{name}.eml")
        except OSError as full:
            raise Deferred(f"The letter cannot be written to its folder: {full.strerror}.") from full

    def close(self) -> None:
        """Nothing is open."""
