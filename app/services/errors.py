"""What can go wrong in the domain's own words, and the translation of what the database refuses."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from app.definitions.completeness import Lack
from app.i18n import _, ngettext
from app.models import Base


class DomainError(Exception):
    """Something that the domain does not allow; the message is for whoever asked for it."""

    def __init__(self, message: str = "") -> None:
        self.message = message or self.standard()
        super().__init__(self.message)

    @classmethod
    def standard(cls) -> str:
        """What is said when nothing more particular is known."""
        return _("This cannot be done.")


class NotFound(DomainError):
    """There is no such thing, or not for this person."""

    @classmethod
    def standard(cls) -> str:
        return _("There is nothing here.")


class NotAllowed(DomainError):
    """The person may not do this."""

    @classmethod
    def standard(cls) -> str:
        return _("You may not do this.")


class ResponseLocked(DomainError):
    """The response was submitted, declined, or its round is closed: nothing can be written to it."""

    @classmethod
    def standard(cls) -> str:
        return _("These answers have been submitted or the round is closed, so they cannot be changed now.")


class VersionMismatch(DomainError):
    """A questionnaire with this number has been published with other content."""


class NotPossible(DomainError):
    """The request makes no sense for this thing; the message says why."""


class Refused(NotPossible):
    """Something of what was said cannot be; ``problems`` has every one as (field, what to do)."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(" ".join(words for _field, words in problems))
        self.problems = tuple(problems)


class NothingPublished(NotPossible):
    """Somebody is to be asked, and no questionnaire was published for them; ``audience`` says which."""

    def __init__(self, message: str, audience: str) -> None:
        super().__init__(message)
        self.audience = audience


class EntryRemoved(DomainError):
    """A block or record was removed while somebody had it open."""

    @classmethod
    def standard(cls) -> str:
        return _(
            "This entry has been removed. What was saved in it is kept and comes back with it: to bring a "
            "mechanism back, add it again. Copy what you typed since, if you still need it."
        )


class TakenBack(DomainError):
    """Somebody writes in what they had been given and have no more; ``by`` is who took it back."""

    def __init__(self, by: str) -> None:
        super().__init__(
            _(
                "%(name)s has taken back what you were given here, so it cannot be saved. What you saved "
                "before is kept. Copy what you typed since, if you still need it.",
                name=by,
            )
        )


class AlreadyThere(DomainError):
    """There is one already, and there can be only one."""

    @classmethod
    def standard(cls) -> str:
        return _("There is one already.")


class Overtaken(DomainError):
    """Somebody else wrote the same answer at the same moment; nothing of this was stored."""

    @classmethod
    def standard(cls) -> str:
        return _("Somebody else saved at the same moment. Send it once more.")


class AttributionMissing(DomainError):
    """A response cannot be submitted before it was said how it may be used."""

    @classmethod
    def standard(cls) -> str:
        return _("Say first how your answers may be used.")


class NotCleared(DomainError):
    """The organisation has its answers cleared before they go, and these are not, or by the wrong person."""

    @classmethod
    def standard(cls) -> str:
        return _("These answers are to be cleared before they are submitted. Ask for clearance.")


class LooseningNeedsAmendment(DomainError):
    """A submitted answer cannot be shown more widely than was agreed to without an amendment."""

    @classmethod
    def standard(cls) -> str:
        return _("To have a submitted answer shown more widely, reopen the answers and submit them again.")


class LinkSpent(DomainError):
    """The sign-in link was used, is too old, or was asked for in another browser."""

    @classmethod
    def standard(cls) -> str:
        return _(
            "This link has been used, has expired or was asked for in another browser. Ask for a new one."
        )


class Incomplete(DomainError):
    """Something that must be answered is missing or wrong; ``lacks`` says what, page by page."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__(
            ngettext(
                "One answer is missing or needs another look.",
                "%(num)s answers are missing or need another look.",
                len(lacks),
            )
        )
        self.lacks = tuple(lacks)


class ImportRefused(DomainError):
    """A file has faults; every one of them is in ``errors``, and nothing was written."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = tuple(errors)


_SQLITE_CHECK = re.compile(r"CHECK constraint failed: (\w+)")
_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")


def violated(error: IntegrityError) -> str | None:
    """The name of the constraint that the database refused to break, if it told."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        name: str | None = diagnosis.constraint_name
        return name
    words = str(error.orig)
    if found := _SQLITE_CHECK.search(words):
        return found.group(1)
    if found := _SQLITE_UNIQUE.search(words):
        return _unique_over(tuple(found.group(1).split(", ")))
    return None


def _unique_over(columns: tuple[str, ...]) -> str | None:
    table = Base.metadata.tables[columns[0].partition(".")[0]]
    wanted = {column.partition(".")[2] for column in columns}
    uniques: list[UniqueConstraint | Index] = [
        each for each in table.constraints if isinstance(each, UniqueConstraint)
    ]
    uniques += [each for each in table.indexes if each.unique]
    for unique in uniques:
        if {column.name for column in unique.columns} == wanted:
            return str(unique.name)
    return None


@contextmanager
def translating(errors: Mapping[str, DomainError]) -> Iterator[None]:
    """Raise the domain error for the constraint that the block breaks; others pass as they are.

    The block flushes what it writes, and the caller rolls the transaction back.
    """
    try:
        yield
    except IntegrityError as refused:
        meant = errors.get(violated(refused) or "")
        if meant is None:
            raise
        raise meant from refused
