"""A page takes the same number of statements however many take part, and however much was answered."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, select

from app import clock
from app.models import Organisation, RepeatInstance, Round, User, Via
from app.policy import SYSTEM, AppointmentRole, Attribution
from app.queries import people
from app.services import answering, attributing, repeating, rounds, submitting
from app.services.answering import Change
from tests import factories
from tests.contract.conftest import Settled, actor_of
from tests.contract.walking import Call, walk
from tests.journeys import responding

MORE = 8
WHO = {"focal-arc": "ARC", "analyst": "BOR", "administrator": "BOR"}


class _Count:
    number = 0

    def __call__(self, *_arguments: object) -> None:
        self.number += 1


@contextmanager
def _counted(settled: Settled) -> Iterator[_Count]:
    engine = settled.app.extensions["database"].engine
    count = _Count()
    event.listen(engine, "before_cursor_execute", count)
    yield count
    event.remove(engine, "before_cursor_execute", count)


def _statements(settled: Settled) -> dict[str, int]:
    """How many statements each page takes, for its owner or for staff, the second time it is asked for."""
    found = {}
    for person, code in WHO.items():
        browser = settled.browser(person)
        for call in _pages(settled, code):
            if call.send(browser).status_code == 200:
                with _counted(settled) as count:
                    call.send(browser)
                found[f"{person}: {call}"] = count.number
    return found


def _pages(settled: Settled, code: str) -> list[Call]:
    """Every page that shows something of the respondent, the one with the list of records included."""
    owned = settled.owned[code]
    records = Call("respond.show", "GET", f"/responses/{owned.response}/mechanisms/{owned.block}/changes")
    return [records, *(call for call in walk(settled, owned, code, "") if call.method == "GET")]


def _grow(settled: Settled) -> None:
    """More States that answer, more mechanisms, more records in Arcadia's response."""
    now = clock.now()
    with settled.database.begin() as session:
        for number in range(MORE):
            code, iscm = f"Z{number:02}", f"process-{number}"
            state = factories.organisation(session, "state", code, f"Newland {number}")
            factories.profile(
                session, factories.organisation(session, "iscm", iscm, f"Process {number}"), iscm
            )
            factories.person(session, f"focal-{code}", state, AppointmentRole.FOCAL_POINT)
            round_ = session.scalars(select(Round)).one()
            rounds.add_participant(session, round_, state, SYSTEM, now=now)
    arcadia = actor_of(settled.database, "ARC")
    with settled.database.begin() as session:
        response = settled.owned["ARC"].response
        for _record in range(MORE):
            made = repeating.add_record(
                session, response, "effects", settled.owned["ARC"].block, arcadia, now
            )
            change = Change(made.id, "example", "", "one more change", 0)
            answering.save_answers(session, response, [change], arcadia, Via.PAGE, now)


def _answer_for_alpha(settled: Settled) -> None:
    """Each of the new States adds the mechanism, says what changed, and submits."""
    now = clock.now()
    for number in range(MORE):
        code = f"Z{number:02}"
        response = responding.response_of(settled.database, code)
        with settled.database.begin() as session:
            user = session.scalars(select(User).where(User.email == f"focal-{code.lower()}@example.org"))
            actor = people.actor(session, user.one(), now)
            alpha = session.scalars(select(Organisation.id).where(Organisation.code == "alpha")).one()
            block = repeating.add_mechanism(session, response, alpha, actor, now)
            record = repeating.add_record(session, response, "effects", block.id, actor, now)
            changes = [
                Change(None, "contact_name", "", "Somebody", 0),
                Change(block.id, "takes_part", "", "yes", 0),
                Change(record.id, "example", "", "the rules on permits", 0),
            ]
            answering.save_answers(session, response, changes, actor, Via.PAGE, now)
            attributing.choose(session, response, Attribution.BY_NAME, actor, now)
            submitting.submit(session, response, "Cleared.", actor, now)
    with settled.database.read() as session:
        assert len(session.scalars(select(RepeatInstance.id)).all()) > 3 * MORE


def test_a_page_takes_as_many_statements_in_a_large_round_as_in_a_small_one(settled: Settled) -> None:
    small = _statements(settled)
    _grow(settled)
    _answer_for_alpha(settled)
    large = _statements(settled)
    assert len(small) > 15
    assert {page: (small[page], large[page]) for page in small if large[page] > small[page]} == {}
