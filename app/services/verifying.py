"""Whether the database is what it must be: schema, references, histories, digests of what was sent."""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby

from sqlalchemy import Engine, ForeignKeyConstraint, Table, and_, func, or_, select
from sqlalchemy.orm import Session

from app import migrating
from app.database import UnsafeDatabaseError, assert_durable
from app.definitions.schema import from_stored
from app.i18n import _
from app.models import (
    Answer,
    AnswerRevision,
    Base,
    QuestionnaireVersion,
    Response,
    ResponseStatus,
    Submission,
    SubmissionAnswer,
)
from app.queries import files
from app.services.submitting import digest_of
from app.storage import FileMissing, Store

MOST = 100
"""Problems of one kind that are told one by one."""


def problems(engine: Engine, store: Store) -> list[str]:
    """Everything that is wrong with the database and its files, in words; empty if all is sound. Nothing is
    changed.
    """
    try:
        assert_durable(engine)
    except UnsafeDatabaseError as refused:
        return [str(refused)]
    if migrating.present(engine) != migrating.newest(engine):
        return [_("the database is not at the schema of this version; run: flask database upgrade")]
    checks: tuple[Callable[[Session], Iterator[str]], ...] = (
        _file,
        _references,
        _histories,
        _questionnaires,
        _submissions,
        _statuses,
        partial(_files, store),
    )
    with Session(engine) as session:
        return [
            problem for check in checks for problem, _place in zip(check(session), range(MOST), strict=False)
        ]


def _file(session: Session) -> Iterator[str]:
    """What SQLite itself says of its file."""
    if session.get_bind().dialect.name == "sqlite":
        for (words,) in session.connection().exec_driver_sql(f"PRAGMA integrity_check({MOST})"):
            if words != "ok":
                yield _("SQLite says: %(words)s", words=words)


def _references(session: Session) -> Iterator[str]:
    """Rows that point to a row that is not there."""
    for table in Base.metadata.sorted_tables:
        constraints = sorted(table.foreign_key_constraints, key=lambda each: list(each.column_keys))
        for constraint in constraints:
            lost = _lost(session, table, constraint)
            if lost:
                yield _(
                    "%(n)s rows of %(table)s point by %(columns)s to a row of %(target)s that is not there",
                    n=lost,
                    table=table.name,
                    columns=", ".join(constraint.column_keys),
                    target=constraint.referred_table.name,
                )


def _lost(session: Session, table: Table, constraint: ForeignKeyConstraint) -> int:
    target = constraint.referred_table.alias("target")
    pairs = [(element.parent, target.c[element.column.name]) for element in constraint.elements]
    there = select(target.c[pairs[0][1].name]).where(*(own == other for own, other in pairs)).exists()
    pointing = and_(*(own.is_not(None) for own, _other in pairs))
    counted = select(func.count()).select_from(table).where(pointing, ~there)
    return session.execute(counted).scalar_one()


def _histories(session: Session) -> Iterator[str]:
    """Answers whose revisions are not 1 to n, or whose present value is not that of the last one."""
    counted = (
        select(
            AnswerRevision.answer_id.label("answer_id"),
            func.count().label("n"),
            func.max(AnswerRevision.number).label("last"),
        )
        .group_by(AnswerRevision.answer_id)
        .subquery()
    )
    broken = (
        select(Answer.id)
        .outerjoin(counted, counted.c.answer_id == Answer.id)
        .where(or_(counted.c.n.is_(None), counted.c.n != counted.c.last, counted.c.last != Answer.revision))
        .order_by(Answer.id)
    )
    for answer_id in session.scalars(broken):
        yield _("the revisions of answer %(id)s are not a whole history", id=answer_id)
    latest = (AnswerRevision.answer_id == Answer.id) & (AnswerRevision.number == Answer.revision)
    present = select(Answer.id, Answer.value, AnswerRevision.value).join(AnswerRevision, latest)
    for answer_id, value, last in session.execute(present.execution_options(yield_per=500)):
        if value != last:
            yield _("answer %(id)s differs from its last revision", id=answer_id)


def _questionnaires(session: Session) -> Iterator[str]:
    for version in session.scalars(select(QuestionnaireVersion).order_by(QuestionnaireVersion.published_at)):
        if from_stored(version.definition).digest() != version.digest:
            name = f"{version.questionnaire_key} {version.number}"
            yield _("questionnaire %(name)s is not what was published", name=name)


def _submissions(session: Session) -> Iterator[str]:
    """Submissions whose frozen answers do not give their digest again."""
    frozen = session.execute(
        select(Submission, Response, Answer, AnswerRevision, SubmissionAnswer.attribution)
        .join(Response, Response.id == Submission.response_id)
        .outerjoin(SubmissionAnswer, SubmissionAnswer.submission_id == Submission.id)
        .outerjoin(Answer, Answer.id == SubmissionAnswer.answer_id)
        .outerjoin(AnswerRevision, AnswerRevision.id == SubmissionAnswer.answer_revision_id)
        .order_by(Submission.id)
        .execution_options(yield_per=500)
    )
    attached = files.frozen(session)
    for submission, rows in groupby(frozen, key=lambda row: row[0]):
        sent = list(rows)
        answers = [(row[2], row[3], row[4]) for row in sent if row[2] is not None]
        with_them = attached.get(submission.id, [])
        version = submission.questionnaire_version_id
        digest = digest_of(sent[0][1], submission.number, submission.statement, answers, with_them, version)
        if digest != submission.digest:
            yield _("submission %(reference)s is not what was sent", reference=submission.reference)


def _statuses(session: Session) -> Iterator[str]:
    """Responses that say they were submitted, without a submission."""
    said = Response.status.in_((ResponseStatus.SUBMITTED, ResponseStatus.REOPENED))
    sent = select(Submission.id).where(Submission.response_id == Response.id).exists()
    for reference in session.scalars(select(Response.reference).where(said, ~sent)):
        yield _("response %(reference)s is submitted but has no submission", reference=reference)


def _files(store: Store, session: Session) -> Iterator[str]:
    """Files that a row names and that are gone, or are not what was handed in."""
    for sha256, size in files.every_file(session):
        try:
            with store.open(sha256) as content:
                same = hashlib.file_digest(content, "sha256").hexdigest() == sha256 and content.tell() == size
        except (FileMissing, OSError):
            yield _("file %(sha256)s is missing", sha256=sha256)
        else:
            if not same:
                yield _("file %(sha256)s is not what was handed in", sha256=sha256)
