"""The headers that every answer carries, errors and static files included."""

from wsgiref.headers import Headers

from flask import Flask, Response

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
OVER_TLS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
PRIVATE = "no-store"


def init_headers(app: Flask, *, https: bool) -> None:
    """Sets the headers on every answer of the application; nothing it answers may be stored."""
    fixed = headers(https=https) | {"Cache-Control": PRIVATE}

    @app.after_request
    def add(response: Response) -> Response:
        given = {name.lower() for name, _value in response.headers}
        response.headers.extend([(name, value) for name, value in fixed.items() if name.lower() not in given])
        return response


def headers(*, https: bool) -> dict[str, str]:
    """The headers of every answer."""
    return ALWAYS | OVER_TLS if https else dict(ALWAYS)


def add_to_static(found: Headers, *, https: bool) -> None:
    """Sets the same headers on a static file's answer."""
    for name, value in headers(https=https).items():
        found[name] = value
