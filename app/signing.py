"""Tokens that say what they are for and cannot be made elsewhere: signed with the service's own secret.

A token opens one thing and nothing else: its purpose is part of the signature. It is not secret in itself,
holds keys of rows only, and does not expire.
"""

import secrets
from collections.abc import Sequence

from itsdangerous import BadSignature, URLSafeSerializer

NO_REMINDERS = "no reminders"

_secret = secrets.token_urlsafe(48)


def install(secret: str) -> None:
    """Signs with this secret from now on; before that, with one that dies with the process."""
    global _secret  # noqa: PLW0603 - the one place where the process is told its secret
    _secret = secret


def sign(purpose: str, keys: Sequence[str]) -> str:
    """The token for these keys, good for this purpose only."""
    return str(_serializer(purpose).dumps(list(keys)))


def read(purpose: str, token: str) -> tuple[str, ...] | None:
    """The keys in the token; None if it was not made here for this purpose."""
    try:
        found = _serializer(purpose).loads(token)
    except BadSignature:
        return None
    return tuple(str(key) for key in found)


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(_secret, salt=f"rapporteur: {purpose}")
