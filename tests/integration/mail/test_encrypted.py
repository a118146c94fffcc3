"""Mail servers over TLS: certificates are verified, passwords go only where nobody listens."""

import shutil
import ssl
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from app.services.posting import Unreachable
from app.services.smtp import Patience, SmtpMailer
from tests.mail_server import PASSWORD, USER, Post, serving
from tests.posting import SENDER
from tests.unit.test_letter_form import letter

PATIENCE = Patience(step=10, letter=20, last_word=10)
ACCOUNT = "rapporteur:pass%3Aw%40rd%2F%25"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate with its key that is good for ``localhost`` and for this run of the tests."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not to be had, so no certificate can be made")
    folder = tmp_path_factory.mktemp("tls")
    command = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=localhost",
    ]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def context(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")
    return made


@pytest.fixture
def known(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine trusts the certificate, as an operator makes it do."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "certificate.pem"))


def send(url: str) -> None:
    connection = SmtpMailer(url, "survey.example", PATIENCE).connect()
    try:
        connection.offer(letter("Subject", "Text"))
        connection.hand_over(letter("Subject", "Text"))
    finally:
        connection.close()


def test_starttls_with_a_password_that_has_signs_in_it(context: ssl.SSLContext, known: None) -> None:
    post = Post()
    with serving(post, starttls=context, lets_in=True) as port:
        send(f"smtp+starttls://{ACCOUNT}@localhost:{port}")
        send(f"smtp://{ACCOUNT}@localhost:{port}")
    assert len(post.arrived) == post.encrypted == 2
    assert post.envelopes[0].mail_from == SENDER.partition("<")[2].strip(">")


def test_tls_from_the_first_byte(context: ssl.SSLContext, known: None) -> None:
    post = Post()
    with serving(post, smtps=context) as port:
        send(f"smtps://localhost:{port}")
    assert len(post.arrived) == post.encrypted == 1


def test_a_wrong_password_is_told_without_the_password(context: ssl.SSLContext, known: None) -> None:
    told = pytest.raises(Unreachable, match=r"^535 ")
    with serving(Post(), starttls=context, lets_in=True) as port, told as refused:
        send(f"smtp://{USER}:wrong-secret@localhost:{port}")
    assert "wrong-secret" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["smtp", "smtp+starttls", "smtps"])
def test_a_certificate_that_nobody_vouches_for_is_refused(context: ssl.SSLContext, scheme: str) -> None:
    post = Post()
    smtps, starttls = (context, None) if scheme == "smtps" else (None, context)
    with serving(post, smtps, starttls) as port, pytest.raises(Unreachable, match="certificate"):
        send(f"{scheme}://localhost:{port}")
    assert post.arrived == []


def test_a_certificate_for_another_name_is_refused(context: ssl.SSLContext, known: None) -> None:
    with serving(Post(), starttls=context) as port, pytest.raises(Unreachable, match="certificate"):
        send(f"smtp+starttls://127.0.0.1:{port}")


def test_who_insists_on_starttls_does_not_send_without() -> None:
    post = Post()
    with serving(post) as port, pytest.raises(Unreachable, match="STARTTLS"):
        send(f"smtp+starttls://127.0.0.1:{port}")
    assert post.arrived == []


def test_a_password_is_not_sent_in_clear_to_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.smtp.LOOPBACK", set())
    post = Post()
    with serving(post) as port, pytest.raises(Unreachable, match="the password is not sent"):
        send(f"smtp://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{port}")


def test_a_password_that_servers_do_not_take_is_told_at_the_start_and_not_repeated() -> None:
    with pytest.raises(ValueError, match="ASCII") as told:
        SmtpMailer("smtp://rapporteur:gehe%C3%AFm@mail.example")
    assert "gehe" not in str(told.value)


@pytest.mark.parametrize("wrong", ["mail.example", "http://mail.example", "smtp://", "smtp:mail.example"])
def test_the_address_of_a_mail_server_is_checked(wrong: str) -> None:
    with pytest.raises(ValueError, match="smtp://"):
        SmtpMailer(wrong)
