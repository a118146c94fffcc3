"""Where the content of files lies: a folder outside the static tree, each file under its SHA-256.

Two methods, so that another place (an object store) can take over. The same content is kept once, whoever
brings it and however often. What was put is durable when ``put`` returns: the row that names it is committed
after, so a row never lacks its file; a file that lost its row to a stopped process does no harm.
"""

import hashlib
import os
import re
from io import BufferedReader
from pathlib import Path
from typing import IO
from uuid import uuid4

CHUNK = 1 << 16
_DIGEST = re.compile(r"[0-9a-f]{64}")


class FileMissing(Exception):
    """The store has no such content."""


class Store:
    """The files of one installation, as ``ab/abcdef…`` under its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: IO[bytes]) -> str:
        """Keep everything from where the stream stands; return its SHA-256 in hexadecimal."""
        _make(self._folder)
        unfinished = self._folder / f".unfinished-{uuid4()}"
        digest = hashlib.sha256()
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                while chunk := content.read(CHUNK):
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            sha256 = digest.hexdigest()
            target = self._path(sha256)
            _make(target.parent)
            unfinished.replace(target)  # in place of the same content, which heals a damaged file
            _sync(target.parent)
        finally:
            unfinished.unlink(missing_ok=True)
        return sha256

    def open(self, sha256: str) -> BufferedReader:
        """The content with this digest, to be closed by the caller. Raises FileMissing."""
        try:
            return self._path(sha256).open("rb")
        except OSError as problem:
            raise FileMissing(sha256) from problem

    def _path(self, sha256: str) -> Path:
        if not _DIGEST.fullmatch(sha256):
            raise FileMissing(sha256)
        return self._folder / sha256[:2] / sha256


def _make(folder: Path) -> None:
    """The folder, for its owner only, and durable itself."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
