"""Files that a command writes: a place that cannot be written is told before anything is done."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import click


class _NewFile(click.Path):
    """A file that may be there or not, in a folder that is there and can be written."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        found = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not found.parent.is_dir():
            self.fail(f"There is no folder {found.parent}.", param, ctx)
        if not os.access(found.parent, os.W_OK):
            self.fail(f"Nothing can be written to the folder {found.parent}.", param, ctx)
        return found


NEW_FILE = _NewFile(dir_okay=False)


def write(file: Path, content: bytes | str) -> None:
    """Write the file, whole or not at all. Raises ClickException with the reason if that fails."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
        unfinished.replace(file)
    except OSError as fault:
        with suppress(OSError):
            unfinished.unlink()
        raise click.ClickException(f"{file} cannot be written: {fault.strerror}.") from fault
