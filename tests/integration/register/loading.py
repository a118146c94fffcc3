"""Importing the committed register."""

from pathlib import Path

from sqlalchemy.orm import Session

from app.policy import SYSTEM
from app.services.register_import import Outcome, free_text, import_register

REGISTER = Path("questionnaires/register")
FILES = ("states.csv", "igos.yaml", "iscms.yaml")


def take(session: Session, name: str, *, dry_run: bool = False) -> Outcome:
    """Import one committed file."""
    words = free_text(REGISTER / "igos.yaml")
    content = (REGISTER / name).read_bytes()
    return import_register(session, content, name, SYSTEM, words=words, dry_run=dry_run)
