"""The store of files: durable before it is named, once for the same content, and nothing half."""

import hashlib
import io
import os
from pathlib import Path
from typing import IO

import pytest

from app.storage import FileMissing, Store
from tests.storing import unfinished


def test_what_is_put_comes_back_under_its_digest(tmp_path: Path) -> None:
    store = Store(tmp_path / "files")
    sha256 = store.put(io.BytesIO(b"a law"))
    assert sha256 == hashlib.sha256(b"a law").hexdigest()
    with store.open(sha256) as content:
        assert content.read() == b"a law"
    assert (tmp_path / "files" / sha256[:2] / sha256).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "files").stat().st_mode & 0o777 == 0o700


def test_the_same_content_lies_there_once_and_heals_a_damaged_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    sha256 = store.put(io.BytesIO(b"a law"))
    (tmp_path / sha256[:2] / sha256).write_bytes(b"damaged")
    store.put(io.BytesIO(b"a law"))
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [b"a law"]


def test_file_and_folders_are_synced_before_the_digest_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def note(number: int) -> None:
        synced.append(Path(f"/proc/self/fd/{number}").readlink().name)
        fsync(number)

    monkeypatch.setattr(os, "fsync", note)
    sha256 = Store(tmp_path / "files").put(io.BytesIO(b"a law"))
    assert synced[0] == tmp_path.name
    assert synced[1].startswith(".unfinished-")
    assert synced[2:] == ["files", sha256[:2]]


class _Breaks(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise OSError("the line dropped")


def test_what_breaks_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    broken: IO[bytes] = _Breaks()
    with pytest.raises(OSError, match="the line dropped"):
        Store(tmp_path).put(broken)
    assert unfinished(tmp_path) == []


@pytest.mark.parametrize("name", ["", "0" * 64, "../../../etc/passwd", "A" * 64, "0" * 63 + "/"])
def test_what_is_not_there_is_missing_and_a_path_is_no_digest(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileMissing):
        Store(tmp_path).open(name)
