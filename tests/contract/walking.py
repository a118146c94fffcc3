"""Every address of the service, filled with what somebody owns."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.contract.conftest import ATTACHED_TO, LISTS, Owned, Settled

NOWHERE = Owned(*(UUID(int=number) for number in range(1, 10)))
PLACES = dict.fromkeys(LISTS, ("about", "contact"))


def rules(app: Flask) -> list[Rule]:
    """The rules of the service in a fixed order."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, str(rule)))


def address_of(settled: Settled, rule: Rule, owned: Owned, code: str) -> str | None:
    """The address of a rule filled with what one respondent owns; None if they own no such thing."""
    section, page = PLACES.get(code, ("about", "contact"))
    known: dict[str, UUID | str | int | None] = {
        "response_id": owned.response,
        "instance_id": owned.block,
        "answer_id": owned.answer,
        "record_id": owned.record,
        "remark_id": owned.remark or owned.record,
        "attachment_id": owned.attachment,
        "section": "mechanisms" if "instance_id" in rule.arguments else section,
        "page": "taking_part" if "instance_id" in rule.arguments else page,
        "proposal_id": settled.proposal,
        "message_id": settled.letter,
        "appointment_id": owned.appointment if rule.endpoint.startswith("respond.") else UUID(int=7),
        "round_code": "2026",
        "code": code,
        "received_id": UUID(int=8),
        "iscm_code": "alpha",
        "thread_id": owned.thread,
        "edition_id": owned.edition,
        "question_key": "takes_part" if "instance_id" in rule.arguments else "contact_name",
        "number": 1,
        "format": "json",
        "token": "no-such-token",
        "purpose": "reminder",
        "locale": "en",
        "rule_id": settled.rule,
        "questionnaire": "state",
        "view_id": UUID(int=9),
        "key": "contact_name" if rule.endpoint.startswith("tracking.") else "state",
        "which": "1",
    }
    known |= _kept(settled, rule)
    if "question_key" in rule.arguments and "/threads/" not in str(rule):
        known |= _attached_to(rule, owned, code)
    values = {name: known[name] for name in rule.arguments}
    if None in values.values():
        return None
    return settled.app.url_map.bind("127.0.0.1").build(rule.endpoint, values)


def _kept(settled: Settled, rule: Rule) -> dict[str, UUID | str]:
    """What staff keep: of an import the one of its kind, of an organisation one that the page is for."""
    kept: dict[str, UUID | str] = {**settled.kept, "nomination_id": UUID(int=6)}
    if rule.endpoint.startswith("imports."):
        kept["import_id"] = settled.kept["people" if "people" in rule.endpoint else "register"]
        kept |= {"table": "iscms", "format": "xlsx"}
    if rule.endpoint in {"register.ask_change", "register.change_organisation"}:
        kept["organisation_id"] = settled.kept["state"]
    if rule.endpoint.startswith("register.") and rule.endpoint.endswith("proposal"):
        kept["proposal_id"] = settled.kept["mechanism"]
    return kept


def _attached_to(rule: Rule, owned: Owned, code: str) -> dict[str, UUID | str | None]:
    """Where something is attached: a mechanism to an answer of its own, others to an entry of a list."""
    fits = ("instance_id" in rule.arguments) is (code != "alpha")
    return {"question_key": ATTACHED_TO[code] if fits else None, "instance_id": owned.record}


@dataclass(frozen=True)
class Call:
    """One request that somebody might make."""

    endpoint: str
    method: str
    address: str
    json: dict[str, object] | None = None

    def send(self, browser: FlaskClient) -> TestResponse:
        """Make it."""
        return browser.open(self.address, method=self.method, json=self.json)

    def __str__(self) -> str:
        return f"{self.method} {self.address} ({self.endpoint})"


def walk(settled: Settled, owned: Owned, code: str, prefix: str) -> Iterator[Call]:
    """Every call of a blueprint's rules, filled with one respondent's things."""
    for rule in rules(settled.app):
        address = address_of(settled, rule, owned, code) if rule.endpoint.startswith(prefix) else None
        if address is not None:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield Call(rule.endpoint, method, address, body_of(rule.endpoint, code))


def body_of(endpoint: str, code: str) -> dict[str, object] | None:
    """What the page's script sends; other requests carry no body."""
    section, page = PLACES[code]
    place = {"page": f"{section}//{page}"}
    bodies: dict[str, dict[str, object]] = {
        "respond.autosave": {**place, "changes": []},
        "respond.presence": {**place},
    }
    return bodies.get(endpoint)
