"""The demonstration's own sign-in links, made of a secret that each start of its server draws anew.

A link of an earlier start is therefore dead. The secret lies in the instance folder, readable by its
owner only, so that the links can be printed again while the server runs.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

PERSONAS: dict[str, str] = {
    "secretariat": "secretariat@eap-panel.example",
    "georgia": "georgia@states.example",
    "training": "ilsa.vareno@hesteria.example",
    "analyst": "mara.quill@iom.example",
    "coordinator": "edda.holm@iom.example",
    "viewer": "joon.adair@iom.example",
    "administrator": "tomas.reed@iom.example",
}
"""Whose link is printed → their address; the people themselves stand in
questionnaires/demo/training/people.yaml."""

_FILE = "demo-link-secret"


def draw_secret(instance: Path) -> None:
    """Draw the secret of a new start: every link printed before is dead from now on."""
    instance.mkdir(parents=True, exist_ok=True)
    fresh = instance / f"{_FILE}.new"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    fresh.replace(instance / _FILE)


def forget_secret(instance: Path) -> None:
    """Let no link work any more."""
    (instance / _FILE).unlink(missing_ok=True)


def links(instance: Path, base_url: str) -> dict[str, str]:
    """The link of every persona; empty before the first start."""
    secret = _secret(instance)
    if secret is None:
        return {}
    return {persona: f"{base_url.rstrip('/')}/demo/{persona}/{_key(secret, persona)}" for persona in PERSONAS}


def email_of(instance: Path, persona: str, key: str) -> str | None:
    """The address of the persona whose link has this key, or None."""
    secret = _secret(instance)
    if secret is None or persona not in PERSONAS:
        return None
    expected = _key(secret, persona)
    return PERSONAS[persona] if hmac.compare_digest(expected.encode(), key.encode()) else None


def _secret(instance: Path) -> bytes | None:
    try:
        return (instance / _FILE).read_bytes() or None
    except FileNotFoundError:
        return None


def _key(secret: bytes, persona: str) -> str:
    return hmac.new(secret, f"demonstration:{persona}".encode(), hashlib.sha256).hexdigest()[:40]
