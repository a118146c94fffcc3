"""Entering one respondent's answers from a file: every fault at once, and nothing half done.

The answers go through the same service as those typed into a page; their revisions say that they were entered
by staff, and from what and when if the file says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.i18n import _
from app.models import (
    Answer,
    AnswerRevision,
    Attribution,
    Audience,
    Organisation,
    OrganisationKind,
    Response,
    Via,
)
from app.policy import Actor
from app.queries import definitions, responses
from app.queries.directory import RegisterDirectory
from app.queries.responses import Address, Block
from app.services import answering, attributing, auditing, repeating
from app.services.answering import UNCHANGED, Change, Conflict, Refused
from app.services.errors import ImportRefused, NotAllowed
from app.services.import_files import Contents, Entry, ResponseFile, contents, shaped, source_of
from app.services.locking import may_write

OURS = frozenset({Via.STAFF, Via.IMPORT})


@dataclass
class Report:
    """What an import did, or would do: answers stored and left as they were, records added and taken out."""

    response_id: UUID
    stored: int = 0
    unchanged: int = 0
    records_added: int = 0
    records_removed: int = 0
    mechanisms_added: list[str] = field(default_factory=list)


def import_response(
    session: Session,
    data: object,
    actor: Actor,
    now: datetime,
    dry_run: bool = False,
    *,
    replace: bool = False,
) -> Report:
    """Enter the answers of a file (``app.queries.response_files`` says its form).

    What the file does not mention stays as it is; a list of records that it mentions becomes what it says. An
    answer that the respondents gave themselves and that differs is a fault unless ``replace``. Raises
    ImportRefused with every fault, NotAllowed, ResponseLocked; with ``dry_run`` everything is tried and
    nothing is kept.
    """
    file, faults = shaped(data)
    if file is None:
        raise ImportRefused(faults)
    response = _response(session, file)
    facts = responses.facts(session, response.id)
    if facts is None or not may_write(actor, facts):
        raise NotAllowed
    questionnaire = definitions.of(session, response.questionnaire_version_id)
    fictional = session.get_one(Organisation, response.organisation_id).fictional
    read = contents(file, questionnaire, RegisterDirectory(session, fictional=fictional))
    mechanisms, unknown = _mechanisms(session, file, fictional)
    faults = [*read.faults, *unknown]
    if not replace:
        faults += _theirs(session, response, read)
    if faults:
        raise ImportRefused(faults)
    with session.begin_nested() as savepoint:
        report = _Import(session, response, file, read, mechanisms, actor, now).run()
        if dry_run:
            session.flush()  # what the database would refuse is refused in a dry run too
            savepoint.rollback()
    return report


def _response(session: Session, file: ResponseFile) -> Response:
    audience = Audience(file.audience) if file.audience else None
    response = responses.of_organisation(session, file.round, file.organisation, audience)
    if response is None:
        words = _(
            "“%(code)s” is not asked in the round “%(round)s”", code=file.organisation, round=file.round
        )
        raise ImportRefused([f"organisation: {words}"])
    return response


def _mechanisms(session: Session, file: ResponseFile, fictional: bool) -> tuple[dict[str, UUID], list[str]]:
    """The mechanisms that the file names, and a fault for each that the respondent cannot name."""
    rows = session.execute(
        select(Organisation.code, Organisation.id).where(
            Organisation.kind == OrganisationKind.ISCM,
            Organisation.code.in_(file.mechanisms),
            Organisation.withdrawn_at.is_(None),
            Organisation.fictional.is_(fictional),
        )
    )
    known = {row.code: row.id for row in rows}
    missing = [code for code in file.mechanisms if code not in known]
    return known, [
        f"mechanisms.{code}: {_('there is no such mechanism in the register')}" for code in missing
    ]


def _theirs(session: Session, response: Response, read: Contents) -> list[str]:
    """A fault for each answer of the respondents' own that the file would change."""
    rows = session.execute(
        select(Answer.instance_id, Answer.question_key, Answer.item, Answer.value)
        .join(
            AnswerRevision,
            (AnswerRevision.answer_id == Answer.id) & (AnswerRevision.number == Answer.revision),
        )
        .where(
            Answer.response_id == response.id,
            AnswerRevision.via.not_in(OURS) | AnswerRevision.appointment_id.is_not(None),
        )
    )
    own = {(instance, key, item): value for instance, key, item, value in rows if value is not None}
    places = _Places(responses.blocks(session, response.id))
    words = _("the respondent has answered differently; say “replace” to enter this all the same")
    faults = []
    for entry in read.entries:
        if not entry.question_key or not places.known(entry):
            continue
        mine = own.get((places.instance(entry), entry.question_key, entry.item))
        if mine is not None and mine != entry.value:
            faults.append(f"{entry.path}: {words}")
    return faults


class _Places:
    """Which block or record an entry of the file is about."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = {block.subject: block.id for block in blocks if block.subject and block.active}
        self.lists: dict[tuple[UUID | None, str], list[UUID]] = {}
        for block in blocks:
            if block.subject is None and block.active:
                self.lists.setdefault((block.parent_id, block.group_key), []).append(block.id)

    def block(self, iscm: str | None) -> UUID | None:
        return self.blocks[iscm] if iscm is not None else None

    def records(self, iscm: str | None, key: str) -> list[UUID]:
        return self.lists.setdefault((self.block(iscm), key), [])

    def known(self, entry: Entry) -> bool:
        if entry.iscm is not None and entry.iscm not in self.blocks:
            return False
        if entry.records is None or entry.record is None:
            return True
        return len(self.records(entry.iscm, entry.records)) >= entry.record

    def instance(self, entry: Entry) -> UUID | None:
        if entry.records is None or entry.record is None:
            return self.block(entry.iscm)
        return self.records(entry.iscm, entry.records)[entry.record - 1]


class _Import:
    """One import under way."""

    def __init__(
        self,
        session: Session,
        response: Response,
        file: ResponseFile,
        read: Contents,
        mechanisms: Mapping[str, UUID],
        actor: Actor,
        now: datetime,
    ) -> None:
        self.session = session
        self.response = response
        self.file = file
        self.read = read
        self.mechanisms = mechanisms
        self.actor = actor
        self.now = now
        self.source = source_of(file)
        self.via = Via.STAFF if self.source is not None else Via.IMPORT
        self.report = Report(response.id)
        self.places = _Places(())

    def run(self) -> Report:
        self._make_places()
        self._save()
        self._speak()
        self._attribute()
        detail = {"stored": self.report.stored, "source": self.source}
        auditing.record(self.session, self.actor, "imported_answers", self.response, detail, at=self.now)
        return self.report

    def _make_places(self) -> None:
        """Blocks for the mechanisms named, and as many records as the file has."""
        there = _Places(responses.blocks(self.session, self.response.id))
        for code in self.file.mechanisms:
            if code not in there.blocks:
                iscm_id = self.mechanisms[code]
                repeating.add_mechanism(self.session, self.response.id, iscm_id, self.actor, self.now)
                self.report.mechanisms_added.append(code)
        self.places = _Places(responses.blocks(self.session, self.response.id))
        for (iscm, key), number in self.read.lists.items():
            block, records = self.places.block(iscm), self.places.records(iscm, key)
            for record in records[number:]:
                repeating.remove_instance(self.session, self.response.id, record, self.actor, self.now)
                self.report.records_removed += 1
            for _missing in range(len(records), number):
                made = repeating.add_record(
                    self.session, self.response.id, key, block, self.actor, self.now, via=self.via
                )
                records.append(made.id)
                self.report.records_added += 1

    def _save(self) -> None:
        present = responses.present(self.session, self.response.id)
        stored = {(row.instance_id, row.question_key, row.item): row for row in present}
        changes = [self._change(entry, stored) for entry in self.read.entries if entry.question_key]
        changes += self._cleared(stored, {change.address for change in changes})
        outcomes = answering.save_answers(
            self.session, self.response.id, changes, self.actor, self.via, self.now, source=self.source
        )
        faults = []
        for outcome in outcomes:
            if isinstance(outcome, Refused):
                faults.append(f"{outcome.change.question_key}: {outcome.why}")
            elif isinstance(outcome, Conflict):
                faults.append(f"{outcome.change.question_key}: {_('somebody is answering this just now')}")
            elif outcome.revision > outcome.change.seen:
                self.report.stored += 1
            else:
                self.report.unchanged += 1
        if faults:
            raise ImportRefused(faults)

    def _change(self, entry: Entry, stored: Mapping[Address, Answer]) -> Change:
        address = (self.places.instance(entry), entry.question_key, entry.item)
        kept, mark = stored.get(address), entry.mark
        return Change(
            *address,
            value=entry.value,
            seen=kept.revision if kept else 0,
            confirms=mark.confirms if mark else None,
            language=(mark.language if mark else None) or self.file.language,
            attribution=mark.attribution if mark and mark.attribution else UNCHANGED,
        )

    def _cleared(self, stored: Mapping[Address, Answer], said: set[Address]) -> list[Change]:
        """Fields that the file's records no longer have."""
        records = {
            record
            for (iscm, key), number in self.read.lists.items()
            for record in self.places.records(iscm, key)[:number]
        }
        return [
            Change(*address, value=None, seen=row.revision)
            for address, row in stored.items()
            if address[0] in records and address not in said and row.value is not None
        ]

    def _speak(self) -> None:
        """Let the response be in the file's language, for what is written in it afterwards."""
        if self.file.language and self.response.language != self.file.language:
            self.response.language = self.file.language

    def _attribute(self) -> None:
        self._choose(self.file.attribution, None)
        for code, scope in self.file.mechanisms.items():
            self._choose(scope.attribution, self.places.block(code))
        for entry in self.read.entries:
            if not entry.question_key and entry.mark is not None:
                self._choose(entry.mark.attribution, self.places.instance(entry))

    def _choose(self, attribution: Attribution | None, instance_id: UUID | None) -> None:
        if attribution is not None:
            attributing.choose(
                self.session, self.response.id, attribution, self.actor, self.now, instance_id=instance_id
            )
