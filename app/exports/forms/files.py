"""The two kinds of form as files: written here, and read by what they are, not by what they are called."""

from app.exports.forms import docx_reading, docx_writing, xlsx_reading, xlsx_writing
from app.exports.forms.archive import Archive
from app.exports.forms.manifest import About, Manifest, load, sign
from app.exports.forms.model import Form
from app.exports.forms.written import Written

WRITERS = {"docx": docx_writing.write, "xlsx": xlsx_writing.write}
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write(form: Form, about: About, kind: str, secret: str) -> bytes:
    """The form as a file of the kind, ``docx`` or ``xlsx``."""
    return WRITERS[kind](form, sign(form, about, secret))


def read(data: bytes, secret: str) -> tuple[Manifest, Written]:
    """What a file says. Raises FormRefused, with the reason, for what is not one of our forms."""
    archive = Archive(data)
    written = (docx_reading if archive.kind == "docx" else xlsx_reading).read(archive)
    return load(written.token, secret), written
