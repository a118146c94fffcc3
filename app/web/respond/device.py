"""What the browser may let go of: edits kept on a device that a page of ours has taken over.

Each opened page names its edits by a mark of its own, which its form carries. When everything posted with it
was stored, or the person dropped it on purpose, the next page that is drawn says so, and the script removes
what was kept under the mark. Were it said too late, the edits would be sent once more, which changes nothing.
"""

import re

from flask import request
from flask import session as cookie

MARK = "tab"
RECEIVED = "received"
DROPPED = "dropped"
_OURS = re.compile(r"[a-z0-9]{8,32}")


def note_received() -> None:
    """Remember that everything the posted page held has arrived."""
    if mark():
        cookie[RECEIVED] = mark()


def received() -> str:
    """The mark of the page whose edits need not be kept any longer; said once."""
    dropped = _ours(request.args.get(DROPPED, ""))
    return dropped or (str(cookie.pop(RECEIVED)) if RECEIVED in cookie else "")


def mark() -> str:
    """The mark of the page that was posted, or nothing."""
    return _ours(request.form.get(MARK, ""))


def _ours(text: str) -> str:
    return text if _OURS.fullmatch(text) else ""
