"""Our own style sheets and scripts, served under an address that changes with their content."""

import gzip
import hashlib
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from app.web.headers import add_to_static
from app.web.scripts import bundled

_COMMENTS = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
FOLDER = Path(__file__).parents[1] / "static"


class StaticFiles:
    """The files of one build as they are served: their common digest, and the address of each."""

    def __init__(self, folder: Path) -> None:
        found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        scripts = {path.name: path.read_text(encoding="utf-8") for path in (folder / "js").glob("*.js")}
        self.contents = {name: _served(found[name], scripts) for name in sorted(found)}
        digest = hashlib.sha256()
        for name, content in self.contents.items():
            digest.update(name.encode() + b"\0" + content + b"\0")
        self.digest = digest.hexdigest()[:12]
        self.prefix = f"/static/{self.digest}/"

    def url(self, name: str) -> str:
        """The address of a file, such as `css/rapporteur.css`. Raises LookupError if there is none."""
        if name not in self.contents:
            raise LookupError(f"there is no static file {name!r}")
        return self.prefix + name

    def compressed(self, instance: Path) -> Path:
        """A folder with these files and their gzipped twins, made once for each build."""
        ready = instance / "static" / self.digest
        if not ready.is_dir():
            ready.parent.mkdir(parents=True, exist_ok=True)
            making = Path(tempfile.mkdtemp(dir=ready.parent))
            for name, content in self.contents.items():
                (making / name).parent.mkdir(parents=True, exist_ok=True)
                (making / name).write_bytes(content)
                (making / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
            _move(making, ready)
        return ready


def _served(path: Path, scripts: Mapping[str, str]) -> bytes:
    """The content of a file: a script with what it imports, a style sheet without its comments."""
    if path.suffix == ".js":
        return bundled(path.name, scripts).encode()
    if path.suffix == ".css":
        return _COMMENTS.sub("", path.read_text(encoding="utf-8")).encode()
    return path.read_bytes()


def _move(making: Path, ready: Path) -> None:
    """Puts the new folder in its place; another process may have been quicker, with the same content."""
    try:
        making.rename(ready)
    except OSError:
        shutil.rmtree(making)


def init_static(app: Flask, instance: Path, *, https: bool) -> None:
    """Serves the static folder and gives templates `static_url`."""
    files = StaticFiles(FOLDER)

    def add_headers(found: Headers, _path: str, _url: str) -> None:
        add_to_static(found, https=https)

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # the documented way to add a middleware
        app.wsgi_app,
        root=str(files.compressed(instance)),
        prefix=files.prefix,
        allow_all_origins=False,
        add_headers_function=add_headers,
        immutable_file_test=lambda _path, _url: True,
    )
    app.jinja_env.globals["static_url"] = files.url
