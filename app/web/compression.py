"""Gzip for the pages: a question page crosses a slow line in a quarter of the time.

Compressing a page that holds a CSRF token is safe here: the token is signed anew for each page,
and browsers send our cookie on no request that another site starts. Static files are compressed
once, when the service starts.
"""

import zlib

from flask import Flask, Response, request

TEXT = frozenset({"text/html", "text/plain", "application/json"})
SMALLEST = 800
LEVEL = 3
MEMORY = 7
"""One less than usual: the tables are half as large, which costs nothing in size and is quicker to set up."""
GZIP = 31
"""What tells zlib to write gzip, with the largest window."""


def init_compression(app: Flask) -> None:
    """Compresses what leaves as text, for clients that accept it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in TEXT or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" in response.headers or not request.accept_encodings["gzip"]:
        return response
    body = response.get_data()
    if len(body) >= SMALLEST:
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP, MEMORY)
        response.set_data(packer.compress(body) + packer.flush())
        response.headers["Content-Encoding"] = "gzip"
    return response
