"""What may happen to one response of a generated round: every way to every standing."""

from collections.abc import Callable
from datetime import date, timedelta

from app.models import (
    AddressFailure,
    Clearance,
    ContactEntry,
    ContactKind,
    Organisation,
    OutboxMessage,
    Outcome,
    ReceivedBy,
    Response,
)
from tests.tracked_rows import (
    CLOSES,
    CUT_OFF,
    DIGEST,
    Made,
    day,
    extend,
    focal,
    opened,
    outcome,
    revise,
    save,
    save_about,
    submit,
)


def _silent(made: Made, response: Response) -> None:
    focal(made, response)


def _without_contact(made: Made, response: Response) -> None:
    focal(made, response, until=date(2026, 12, 1))


def _bounced(made: Made, response: Response) -> None:
    """Letters returned from the tenth day on, put right on the sixtieth."""
    user = focal(made, response)
    made.add(
        AddressFailure(
            user_id=user.id, address=user.email, words="550", failed_at=day(10), cleared_at=day(60)
        )
    )


def _bounced_for_one_of_two(made: Made, response: Response) -> None:
    user = focal(made, response)
    focal(made, response, since=date(2026, 12, 15))
    made.add(AddressFailure(user_id=user.id, address=user.email, words="550", failed_at=day(5)))


def _opened_only(made: Made, response: Response) -> None:
    focal(made, response)
    opened(made, response, day(30))


def _begun(made: Made, response: Response) -> None:
    focal(made, response)
    opened(made, response, day(12))
    first, *_rest = save(made, response, day(14), contact_name="A. Person", outlook="More of it")
    revise(made, first, None, day(50))


def _cleared_and_sent(made: Made, response: Response) -> None:
    focal(made, response)
    opened(made, response, day(12))
    user = focal(made, response)
    sent = save(made, response, day(14), contact_name="A. Person")
    for since, until in ((day(20), day(26)), (day(40), None)):
        made.add(
            Clearance(
                response_id=response.id,
                asked_by_id=user.id,
                asked_at=since,
                digest=DIGEST,
                withdrawn_at=until,
            )
        )
    submit(made, response, day(60), sent)


def _sent_in_time(made: Made, response: Response) -> None:
    focal(made, response)
    opened(made, response, day(2))
    sent = save(made, response, day(3), contact_name="A. Person", outlook="More")
    for code in _mechanisms(made, response):
        sent += save_about(made, response, code, day(5), takes_part="yes", words="It helps")
    submit(made, response, day(20), sent)


def _sent_late(made: Made, response: Response) -> None:
    focal(made, response)
    opened(made, response, day(80))
    submit(made, response, CLOSES + timedelta(days=5), save(made, response, day(81), contact_name="A"))


def _sent_with_more_time(made: Made, response: Response) -> None:
    focal(made, response)
    opened(made, response, day(70))
    sent = save(made, response, day(71), contact_name="A. Person")
    extend(made, response, CLOSES + timedelta(days=14), CLOSES + timedelta(days=2))
    submit(made, response, CLOSES + timedelta(days=12), sent)


def _given_more_time_and_silent(made: Made, response: Response) -> None:
    focal(made, response)
    extend(made, response, CLOSES + timedelta(days=10), day(80))
    extend(made, response, CLOSES + timedelta(days=20), CLOSES + timedelta(days=11))


def _sent_after_the_cut_off(made: Made, response: Response) -> None:
    focal(made, response)
    opened(made, response, day(80))
    submit(made, response, CUT_OFF + timedelta(days=2), save(made, response, day(81), contact_name="A"))


def _withdrew_it(made: Made, response: Response) -> None:
    """Sent, withdrawn and back in a draft; sent again much later."""
    focal(made, response)
    sent = save(made, response, day(9), contact_name="A. Person")
    first = submit(made, response, day(15), sent)
    first.withdrawn_at = day(35)
    for code in _mechanisms(made, response)[:1]:
        sent += save_about(made, response, code, day(40), takes_part="yes")
    submit(made, response, day(75), sent)


def _amended(made: Made, response: Response) -> None:
    """Sent in time, amended after the deadline: still in time; the amendment speaks of one mechanism more."""
    focal(made, response)
    sent = save(made, response, day(9), contact_name="A. Person")
    codes = _mechanisms(made, response)
    for code in codes[:1]:
        sent += save_about(made, response, code, day(9), takes_part="yes")
    submit(made, response, day(15), sent)
    for code in codes[1:]:
        sent += save_about(made, response, code, day(90), takes_part="no", why_not="Not yet")
    submit(made, response, CLOSES + timedelta(days=3), sent)


def _amended_after_the_cut_off(made: Made, response: Response) -> None:
    """Sent in time; what an amendment says too late counts for nothing."""
    focal(made, response)
    sent = save(made, response, day(9), contact_name="A. Person")
    submit(made, response, day(16), sent)
    for code in _mechanisms(made, response):
        sent += save_about(made, response, code, day(90), takes_part="yes")
    submit(made, response, CUT_OFF + timedelta(days=1), sent)


def _by_interview(made: Made, response: Response) -> None:
    sent = save(made, response, day(33), contact_name="A. Person")
    submit(made, response, day(34), sent, ReceivedBy.INTERVIEW)


def _on_paper(made: Made, response: Response) -> None:
    focal(made, response)
    sent = save(made, response, day(43), contact_name="A. Person")
    submit(made, response, day(44), sent, ReceivedBy.PAPER)


def _declined(made: Made, response: Response) -> None:
    focal(made, response)
    outcome(made, response, Outcome.DECLINED, day(25))


def _declined_and_came_back(made: Made, response: Response) -> None:
    focal(made, response)
    outcome(made, response, Outcome.DECLINED, day(10))
    outcome(made, response, None, day(50))
    submit(made, response, day(60), save(made, response, day(55), contact_name="A. Person"))


def _not_eligible(made: Made, response: Response) -> None:
    submit(made, response, day(11), save(made, response, day(9), contact_name="A. Person"))
    outcome(made, response, Outcome.NOT_ELIGIBLE, day(28))


def _duplicate(made: Made, response: Response) -> None:
    outcome(made, response, Outcome.DUPLICATE, day(18))


def _reached(made: Made, response: Response) -> None:
    """Silent, whatever was tried: two reminders to two people each, a call and a note verbale."""
    users = [focal(made, response), focal(made, response)]
    for rule in ("first", "second"):
        for user in users:
            made.add(
                OutboxMessage(
                    kind="reminder",
                    dedupe_key=f"reminder:{rule}:{response.id}:{user.id}",
                    user_id=user.id,
                    created_at=day(40),
                    due_at=day(40),
                    sent_at=day(41),
                    round_id=made.round.id,
                    response_id=response.id,
                )
            )
    for number, (kind, step) in enumerate(
        ((ContactKind.CALL, None), (ContactKind.NOTE_VERBALE, "Telephone"))
    ):
        made.add(
            ContactEntry(
                round_id=made.round.id,
                organisation_id=response.organisation_id,
                kind=kind,
                text="Nobody there",
                happened_at=day(50 + number),
                recorded_at=day(50 + number),
                by_id=users[0].id,
                next_step=step,
                next_on=date(2027, 3, 9) if step else None,
                next_by_id=users[1].id if step else None,
            )
        )


def _mechanisms(made: Made, response: Response) -> list[str]:
    organisation = made.session.get_one(Organisation, response.organisation_id)
    return [iscm for code, iscm in made.blocks if code == organisation.code][:3]


PLAYS: tuple[Callable[[Made, Response], None], ...] = (
    _sent_in_time,
    _silent,
    _without_contact,
    _bounced,
    _opened_only,
    _begun,
    _cleared_and_sent,
    _sent_late,
    _sent_with_more_time,
    _given_more_time_and_silent,
    _sent_after_the_cut_off,
    _withdrew_it,
    _amended,
    _amended_after_the_cut_off,
    _by_interview,
    _on_paper,
    _declined,
    _declined_and_came_back,
    _not_eligible,
    _duplicate,
    _reached,
    _bounced_for_one_of_two,
)
