"""What stands on the overview beside its tasks: conversations with IOM, requests, published summaries."""

from dataclasses import dataclass

from app.models import ResponseStatus, ThreadKind
from app.policy import Act, can
from app.queries import editions
from app.queries.editions import Published
from app.web import transactions
from app.web.respond.sheet import Sheet
from app.web.respond.talking import Talk, talks


@dataclass(frozen=True)
class Beyond:
    """The conversations that are not closed, how many there are in all, and what may be asked for."""

    open: list[Talk]
    all: int
    may_ask: bool
    may_copy: bool
    may_ask_for_time: bool
    may_amend: bool
    published: tuple[Published, ...]

    @property
    def waiting(self) -> list[Talk]:
        """What IOM asked and nobody here has answered."""
        return [talk for talk in self.open if _stands(talk, ThreadKind.CLARIFICATION)]

    @property
    def time_asked(self) -> Talk | None:
        """The request for more time on which IOM has not decided."""
        return next((talk for talk in self.open if _stands(talk, ThreadKind.EXTENSION)), None)


def _stands(talk: Talk, kind: ThreadKind) -> bool:
    return talk.conversation.thread.kind is kind and talk.conversation.state == "open"


def beyond(found: Sheet) -> Beyond:
    """Gather it, in a constant number of statements; nothing of it for staff."""
    own = found.is_own
    every = talks(found) if own else []
    may_request = own and can(found.actor, Act.REQUEST_CHANGE, found.facts())
    submitted = found.head.status is ResponseStatus.SUBMITTED
    return Beyond(
        open=[talk for talk in every if talk.conversation.thread.closed_at is None],
        all=len(every),
        may_ask=own and can(found.actor, Act.READ_THREADS, found.facts()),
        may_copy=own and can(found.actor, Act.EXPORT_RESPONSE, found.facts()),
        may_ask_for_time=may_request and not submitted and found.head.outcome is None,
        may_amend=may_request and submitted,
        published=editions.for_respondent(transactions.session(), found.id) if own else (),
    )
