"""The letters of a round: what became of each, in the mail servers' own words, and what staff do about it."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.definitions import values
from app.i18n import _
from app.models import Round, User
from app.policy import Act, can
from app.queries import outbox, reachability, workers
from app.queries import tracking as rounds
from app.queries.outbox import Filters, Letter, State
from app.services import address_failures, resending
from app.services.errors import NotPossible
from app.services.letter_writing import Letter as Written
from app.web.access import actor, person, requires
from app.web.letters import letters
from app.web.mail import words
from app.web.staff import paging
from app.web.transactions import commit, roll_back, session

blueprint = Blueprint("mail", __name__)

LONGEST_SEARCH = 80
WITH_PROBLEMS = 422


@blueprint.app_context_processor
def _may_read() -> dict[str, bool]:
    """Whether the tab to the letters is there for the person."""
    visitor = person()
    return {"may_read_mail": visitor is not None and can(visitor.actor, Act.READ_MAIL)}


@dataclass(frozen=True)
class Asked:
    """Which letters, and which page of them, an address asks for."""

    filters: Filters
    page: int

    @property
    def given(self) -> dict[str, str]:
        """The filters as parameters, for the links of the page."""
        state = self.filters.state.value if self.filters.state else ""
        named = {"state": state, "purpose": self.filters.kind or "", "search": self.filters.words}
        return {name: value for name, value in named.items() if value}

    def but(self, **changed: str) -> dict[str, str]:
        """The same filters with one changed, from the first page on."""
        return {name: value for name, value in {**self.given, **changed}.items() if value}


def _asked() -> Asked:
    state = request.args.get("state", "")
    filters = Filters(
        State(state) if state in set(State) else None,
        values.normalise(request.args.get("purpose", ""))[:LONGEST_SEARCH] or None,
        values.normalise(request.args.get("search", "")).strip()[:LONGEST_SEARCH],
    )
    return Asked(filters, paging.number())


def _round(code: str) -> Round:
    found = rounds.by_code(session(), code)
    if found is None:
        abort(404)
    return found


def _letter(round_: Round, message_id: UUID) -> Letter:
    found = outbox.letter(session(), round_.id, message_id, clock.now())
    if found is None:
        abort(404)
    return found


@blueprint.get("/mail")
@requires(Act.READ_MAIL)
def newest() -> ResponseReturnValue:
    """The letters of the newest open round; the overview where there is no round yet."""
    round_ = rounds.newest(session())
    if round_ is None:
        return redirect(url_for("desk.overview"))
    return redirect(url_for("mail.page", round_code=round_.code))


@blueprint.get("/rounds/<round_code>/mail")
@requires(Act.READ_MAIL)
def page(round_code: str) -> ResponseReturnValue:
    """The letters of the round with their states, and how many there are in each."""
    round_, asked, now = _round(round_code), _asked(), clock.now()
    counts = outbox.counts(session(), round_.id, asked.filters, now)
    shown = asked.filters.state
    total = counts[shown] if shown else sum(counts.values())
    last = workers.last_at_work(session())
    return render_template(
        "staff/mail/page.html",
        round=round_,
        asked=asked,
        counts=counts,
        total=total,
        pages=max(1, -(-total // outbox.A_PAGE)),
        letters=outbox.letters(session(), round_.id, asked.filters, now, asked.page),
        kinds={kind: words.kind_name(kind) for kind in outbox.kinds(session(), round_.id)},
        elsewhere=outbox.without_a_round(session(), now),
        unmatched=outbox.how_many_unmatched(session()),
        worker_silent=workers.is_silent(last, now),
        worker_last=last,
        words=words,
    )


@blueprint.get("/rounds/<round_code>/mail/<uuid:message_id>")
@requires(Act.READ_MAIL)
def letter(round_code: str, message_id: UUID) -> ResponseReturnValue:
    """One letter: to whom, what it says, what happened to it."""
    round_ = _round(round_code)
    return _draw(round_, _letter(round_, message_id))


def _draw(round_: Round, found: Letter, refused: str = "") -> ResponseReturnValue:
    now, message = clock.now(), found.message
    links = letters().links
    written = resending.as_it_would_be(session(), message, links, now)
    user = session().get(User, message.user_id) if message.user_id else None
    return render_template(
        "staff/mail/letter.html",
        round=round_,
        letter=found,
        written=written if isinstance(written, Written) else None,
        kept_back=written is None,
        history=words.history(
            message, outbox.reports(session(), message.id), outbox.sent_again(session(), message.id)
        ),
        address_fails=user is not None and reachability.address_fails(session(), user),
        may_send=can(actor(), Act.SEND_MAIL),
        hindrance=resending.hindrance(session(), message, links, now),
        refused=refused,
        words=words,
    ), (WITH_PROBLEMS if refused else 200)


@blueprint.get("/rounds/<round_code>/mail/<uuid:message_id>/again")
@requires(Act.SEND_MAIL)
def ask_again(round_code: str, message_id: UUID) -> ResponseReturnValue:
    """Asks before a letter is sent again."""
    round_ = _round(round_code)
    found = _letter(round_, message_id)
    hindrance = resending.hindrance(session(), found.message, letters().links, clock.now())
    return render_template(
        "staff/mail/again.html", round=round_, letter=found, hindrance=hindrance, words=words
    )


@blueprint.post("/rounds/<round_code>/mail/<uuid:message_id>/again")
@requires(Act.SEND_MAIL)
def send_again(round_code: str, message_id: UUID) -> ResponseReturnValue:
    """Puts the letter into the outbox once more."""
    round_ = _round(round_code)
    _letter(round_, message_id)
    try:
        again = resending.send_again(session(), message_id, letters().links, actor(), clock.now())
    except NotPossible as refused:
        roll_back()
        return _draw(round_, _letter(round_, message_id), refused.message)
    commit()
    letters().wake()
    return redirect(url_for("mail.letter", round_code=round_code, message_id=again.id))


@blueprint.post("/rounds/<round_code>/mail/<uuid:message_id>/address")
@requires(Act.SEND_MAIL)
def right_again(round_code: str, message_id: UUID) -> ResponseReturnValue:
    """Notes that letters to the person's address arrive again."""
    found = _letter(_round(round_code), message_id)
    if found.message.user_id is None:
        abort(404)
    address_failures.clear_failure(session(), found.message.user_id, actor(), clock.now(), _("staff say so"))
    commit()
    return redirect(url_for("mail.letter", round_code=round_code, message_id=message_id))


@blueprint.get("/rounds/<round_code>/mail/returned")
@requires(Act.READ_MAIL)
def unmatched(round_code: str) -> ResponseReturnValue:
    """Reports and mails that are about none of our letters."""
    return render_template(
        "staff/mail/unmatched.html", round=_round(round_code), reports=outbox.unmatched(session())
    )
