"""What a service may start with."""

import stat
from pathlib import Path

import pytest

from config import Settings, SettingsError

STRONG = "J7nQ3vX9kL2mR8tY5wZ1aB4cD6eF0gHs"
PRODUCTION = {
    "RAPPORTEUR_ENV": "production",
    "PUBLIC_URL": "https://rapporteur.example.org",
    "RAPPORTEUR_SECRET_KEY": STRONG,
}


@pytest.mark.parametrize("secret", ["", "short", "change-me-" + "x" * 40, "a" * 64])
def test_production_refuses_a_missing_or_weak_secret_and_says_how_to_make_one(secret: str) -> None:
    with pytest.raises(SettingsError, match=r"secrets\.token_urlsafe\(48\)"):
        Settings.from_environment(PRODUCTION | {"RAPPORTEUR_SECRET_KEY": secret})


def test_production_wants_the_address_that_letters_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PUBLIC_URL is not set"):
        Settings.from_environment(PRODUCTION | {"PUBLIC_URL": "", "RAPPORTEUR_INSTANCE": str(tmp_path)})


def test_production_starts_with_a_strong_secret(tmp_path: Path) -> None:
    settings = Settings.from_environment(PRODUCTION | {"RAPPORTEUR_INSTANCE": str(tmp_path)})
    assert settings.production
    assert not settings.demo
    assert settings.https
    assert settings.mail_from == "Rapporteur <rapporteur@rapporteur.example.org>"
    assert list(tmp_path.iterdir()) == []


def test_elsewhere_a_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    environ = {"RAPPORTEUR_INSTANCE": str(tmp_path / "instance"), "PORT": "8123"}
    first, second = Settings.from_environment(environ), Settings.from_environment(environ)
    assert first == second
    assert len(first.secret_key) >= 48
    kept = tmp_path / "instance" / "secret-key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert first.public_url == "http://127.0.0.1:8123"
    assert first.database_url == f"sqlite:///{tmp_path / 'instance' / 'rapporteur.sqlite'}"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("RAPPORTEUR_ENV", "staging", "development, demo, test, production"),
        ("PUBLIC_URL", "rapporteur.example.org", "begins with https://"),
        ("TRUSTED_PROXIES", "one", "Give a whole number"),
        ("RAPPORTEUR_IDLE_MINUTES", "2", "Give a number from 3 to 720"),
        ("RAPPORTEUR_IDLE_MINUTES", "721", "Give a number from 3 to 720"),
        ("RAPPORTEUR_IDLE_MINUTES", "soon", "Give a whole number"),
    ],
)
def test_what_cannot_be_read_is_named(name: str, value: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=words):
        Settings.from_environment({"RAPPORTEUR_INSTANCE": str(tmp_path), name: value})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("MAIL_URL", "http://survey:secret-word@mail.example"),
        ("MAIL_URL", "mail.example"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_BOUNCES", "pop3://survey:secret-word@mail.example"),
        ("MAIL_BOUNCES", "imaps://mail.example/Returned"),
        ("RAPPORTEUR_QUEUE_URL", "amqp://survey:secret-word@queue.example"),
    ],
)
def test_where_mail_goes_and_comes_from_is_checked_at_the_start(
    tmp_path: Path, name: str, wrong: str
) -> None:
    with pytest.raises(SettingsError, match=name) as told:
        Settings.from_environment({"RAPPORTEUR_INSTANCE": str(tmp_path), name: wrong})
    assert "secret-word" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("MAIL_URL", "smtp+starttls://survey:word@mail.example:587"),
        ("MAIL_URL", "smtps://mail.example"),
        ("MAIL_BOUNCES", "imaps://survey:word@mail.example/Returned"),
        ("MAIL_BOUNCES", "/var/spool/returned"),
        ("RAPPORTEUR_QUEUE_URL", "postgresql:///rapporteur?host=/run/postgresql"),
        ("RAPPORTEUR_QUEUE_URL", "redis://queue.example/0"),
    ],
)
def test_every_form_of_address_is_taken(tmp_path: Path, name: str, right: str) -> None:
    made = Settings.from_environment({"RAPPORTEUR_INSTANCE": str(tmp_path), name: right})
    assert right in (made.mail_url, made.mail_bounces, made.queue_url)
