"""The settings of one running service, read from the environment once."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

Environment = Literal["development", "demo", "test", "production"]

MAKE_ONE = (
    "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))' "
    "and set it as RAPPORTEUR_SECRET_KEY."
)
SHORTEST_SECRET = 32
FEWEST_DIFFERENT_CHARACTERS = 12
IDLE_MINUTES = range(3, 12 * 60 + 1)
"""How long a session may lie idle: longer than its end is announced before, and half a day at most."""
MAIL_SCHEMES = ("smtp", "smtp+starttls", "smtps")
QUEUE_SCHEMES = ("postgresql", "postgres", "redis", "rediss")


class SettingsError(Exception):
    """The environment does not describe a service that may start. The message says what to do."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations. Build it with `from_environment`."""

    environment: Environment
    secret_key: str
    instance: Path
    database_url: str
    public_url: str
    mail_url: str
    mail_folder: Path
    mail_from: str = "Rapporteur <rapporteur@localhost>"
    mail_bounces: str = ""
    queue_url: str = ""
    trusted_proxies: int = 0
    idle: timedelta = timedelta(minutes=IDLE_MINUTES[-1])
    questionnaires: Path = Path(__file__).resolve().parent / "questionnaires"

    @property
    def demo(self) -> bool:
        """Whether the demonstration's sign-in links exist."""
        return self.environment == "demo"

    @property
    def production(self) -> bool:
        """Whether real answers may lie here."""
        return self.environment == "production"

    @property
    def files(self) -> Path:
        """Where the content of files that people hand in lies, outside the static tree."""
        return self.instance / "files"

    @property
    def https(self) -> bool:
        """Whether browsers reach the service over TLS; cookies and HSTS follow it."""
        return self.public_url.startswith("https://")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Reads the environment.

        Raises SettingsError when production has no strong secret or no public address, or when
        a value cannot be read.
        """
        environ = os.environ if environ is None else environ
        environment = _environment(environ.get("RAPPORTEUR_ENV", "development"))
        instance = Path(environ.get("RAPPORTEUR_INSTANCE") or Path(__file__).parent / "instance").resolve()
        secret_key = _secret_key(environ.get("RAPPORTEUR_SECRET_KEY", ""), environment, instance)
        public_url = _public_url(environ, environment)
        return cls(
            environment=environment,
            secret_key=secret_key,
            instance=instance,
            database_url=environ.get("DATABASE_URL") or f"sqlite:///{instance / 'rapporteur.sqlite'}",
            public_url=public_url,
            mail_url=_one_of(environ, "MAIL_URL", MAIL_SCHEMES),
            mail_folder=Path(environ.get("MAIL_FOLDER") or instance / "mail"),
            mail_from=environ.get("MAIL_FROM") or f"Rapporteur <rapporteur@{urlsplit(public_url).hostname}>",
            mail_bounces=_folder_or_mailbox(environ.get("MAIL_BOUNCES", "")),
            queue_url=_one_of(environ, "RAPPORTEUR_QUEUE_URL", QUEUE_SCHEMES),
            trusted_proxies=_whole_number(environ, "TRUSTED_PROXIES"),
            idle=_idle(environ),
        )


def _environment(name: str) -> Environment:
    for known in get_args(Environment):
        if name == known:
            return known  # type: ignore[no-any-return]  # get_args is typed Any
    raise SettingsError(f"RAPPORTEUR_ENV is {name!r}. Use one of: {', '.join(get_args(Environment))}.")


def _public_url(environ: Mapping[str, str], environment: Environment) -> str:
    address = environ.get("PUBLIC_URL", "").rstrip("/")
    if environment == "production" and not address:
        raise SettingsError(
            "PUBLIC_URL is not set. Give the address that respondents use, such as "
            "https://rapporteur.example.org; the links in mails are made of it."
        )
    address = address or f"http://127.0.0.1:{environ.get('PORT', '8000')}"
    if not address.startswith(("http://", "https://")):
        raise SettingsError(f"PUBLIC_URL is {address!r}. It begins with https:// or http://.")
    return address


def _one_of(environ: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    """An address of one of these kinds, or nothing. What is wrong is said without the password in it."""
    address = environ.get(name, "")
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme not in schemes or not (parts.hostname or parts.path.strip("/") or parts.query):
        raise SettingsError(
            f"{name} is no address of a known kind. It begins with one of: {', '.join(schemes)}."
        )
    return address


def _folder_or_mailbox(where: str) -> str:
    parts = urlsplit(where)
    if "://" in where and (parts.scheme != "imaps" or not parts.hostname or not parts.username):
        raise SettingsError(
            "MAIL_BOUNCES is neither a folder nor a mailbox. Give a folder, or "
            "imaps://user:password@host/folder."
        )
    return where


def _whole_number(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name) or "0"
    if not text.isdecimal():
        raise SettingsError(f"{name} is {text!r}. Give a whole number.")
    return int(text)


def _idle(environ: Mapping[str, str]) -> timedelta:
    minutes = _whole_number(environ, "RAPPORTEUR_IDLE_MINUTES") or IDLE_MINUTES[-1]
    if minutes not in IDLE_MINUTES:
        first, last = IDLE_MINUTES[0], IDLE_MINUTES[-1]
        raise SettingsError(f"RAPPORTEUR_IDLE_MINUTES is {minutes}. Give a number from {first} to {last}.")
    return timedelta(minutes=minutes)


def _secret_key(given: str, environment: Environment, instance: Path) -> str:
    """The key that signs cookies and forms; outside production one is made and kept in the instance."""
    if environment == "production":
        if not given:
            raise SettingsError(f"Production needs a secret key, and none is set. {MAKE_ONE}")
        if len(given) < SHORTEST_SECRET or len(set(given)) < FEWEST_DIFFERENT_CHARACTERS:
            raise SettingsError(f"The secret key is too weak for production. {MAKE_ONE}")
        return given
    return given or _kept_secret(instance / "secret-key")


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    made = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made)
    return made
