"""A coordinator runs a round through the pages, from the register to the first figures; the worker is killed.

The register is the committed one: 193 Member States, 39 mechanisms and 12 organisations are asked. The people
are made up, nobody answers, and no State says a word: every reason is "Recorded in a test".
"""

import signal
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, create_app
from app.database import Database
from app.models import Appointment, LinkPurpose, Organisation, OutboxMessage, User
from app.policy import SYSTEM, StaffRole
from app.queries.outbox import State
from app.services import people, publishing, signing_in
from config import Settings
from tests.browsing import Page, Visitor
from tests.databases import type_of_copy
from tests.integration.mail.returned import report
from tests.journeys import responding
from tests.mail_server import Post, serving
from tests.resilience import focal_points, raw_figures
from tests.resilience.focal_points import Row
from tests.resilience.round_desk import ROUND, Desk, figures, link_in, seen
from tests.resilience.worker import Worker
from tests.serving import environment

TITLE = "The first round"
REASON = "Recorded in a test"
SECONDS = 300
A_LETTER = 0.01
BEFORE_A_KILL = (40, 110)
"""So many letters have arrived when the worker is killed, whatever it hangs on later."""
ALL = focal_points.STATES + focal_points.MECHANISMS + focal_points.IGOS
HANGING = f"{focal_points.HANGING}@ministry.example"
REGIONS = {"002": "Africa", "019": "Americas", "142": "Asia", "150": "Europe", "009": "Oceania"}
HEADS = {"not_opened": "not opened", "opened": "opened", "in_progress": "in progress", "declined": "declined"}
COLUMNS = {
    "not_opened": "Not opened",
    "opened": "Opened",
    "in_progress": "In progress",
    "declined": "Declined",
}


def settle(database: Database) -> None:
    """The published questionnaires and a coordinator, and nothing else."""
    with database.begin() as session:
        for questionnaire in responding.questionnaires():
            publishing.publish_version(session, questionnaire, SYSTEM)
        role = StaffRole.COORDINATOR
        people.add_user(session, "coordinator@iom.example", "Cora Dinator", SYSTEM, staff_role=role)


@pytest.fixture
def desk(copy_of_template: type_of_copy, tmp_path: Path) -> Iterator[Desk]:
    """The desk, with a mail server that runs and a worker that was not started."""
    url = copy_of_template(settle)
    database, returned, post = Database(url), tmp_path / "returned", Post(seconds_a_letter=A_LETTER)
    returned.mkdir()
    with serving(post) as port:
        environ = environment(tmp_path, url.render_as_string(hide_password=False), 0)
        environ |= {"MAIL_URL": f"smtp://127.0.0.1:{port}", "MAIL_BOUNCES": str(returned)}
        app = create_app(Settings.from_environment(environ))
        worker = Worker(environ)
        yield Desk(signed_in(Visitor(app), database), database, post, worker, returned)
        if worker.process is not None:
            worker.end(signal.SIGKILL)
        app.extensions["database"].dispose()
    database.dispose()


def signed_in(visitor: Visitor, database: Database) -> Visitor:
    with database.begin() as session:
        user = session.scalars(select(User)).one()
        key = signing_in.start(session, user, LinkPurpose.SIGN_IN, clock.now()).id
    with visitor.client.session_transaction() as cookie:
        cookie["_user_id"] = str(key)
    return visitor


@pytest.mark.timeout(SECONDS)
def test_a_round_is_run_from_the_register_to_its_first_figures(desk: Desk) -> None:
    load_the_register(desk)
    make_the_round(desk)
    say_who_is_asked(desk)
    open_it(desk)
    rows = import_the_focal_points(desk)
    send_invitations(desk)
    let_everything_arrive(desk)
    see_what_failed(desk)
    decline_and_extend(desk, rows[30:32], rows[32])
    a_letter_returns_and_somebody_hands_over(desk, rows[33], rows[34])
    open_an_invitation(desk, rows[35])
    compare_the_figures(desk)


def load_the_register(desk: Desk) -> None:
    for name in focal_points.FILES:
        content = (focal_points.REGISTER / name).read_bytes()
        page = desk.bring("register", content, name)
        assert "to be put right" not in page.text, (
            name,
            page.text[page.text.index("to be put right") - 200 :][:3000],
        )
        (button,) = [each for each in page.all("button") if "Take over the changes" in seen(each)]
        assert "Taken over," in desk.visitor.press(seen(button)).text


def make_the_round(desk: Desk) -> None:
    day = focal_points.today()
    desk.visitor.open("/rounds/new")
    plan = {"code": ROUND, "title": TITLE, "zone": "Europe/Zurich", "opens-day": str(day)}
    plan |= {"closes-day": str(day + timedelta(days=60)), "cutoff-day": str(day + timedelta(days=90))}
    plan |= {"contact-name": "Survey desk", "contact-email": "survey@iom.example"}
    assert desk.visitor.press("Make the round", plan).heading == f"Who is asked: {TITLE}"


def say_who_is_asked(desk: Desk) -> None:
    """The rules of the register mean more States (observers, members that are none) and only what is at
    work; so 193 Member States, all mechanisms and twelve organisations are asked by their codes.
    """
    keep = "Keep the rule and show whom it means"
    page = desk.visitor.press(keep, {"state": "all", "iscm": "active", "igo": "all"})
    assert asked_in_all(page) == (195, 37, 27)
    wrong = {"state": "chosen", "state-codes": "ALB, XQX"}
    assert "Not in the register of that day: XQX" in desk.visitor.press(keep, wrong, status=422).text
    codes = {
        "state": focal_points.member_states(),
        "iscm": focal_points.mechanisms(),
        "igo": focal_points.igos(),
        "about": focal_points.mechanisms(),
    }
    fields = dict.fromkeys(codes, "chosen")
    page = desk.visitor.press(keep, fields | {f"{name}-codes": ", ".join(of) for name, of in codes.items()})
    assert asked_in_all(page) == (193, 39, 12)
    assert "Asked about 39 mechanisms." in page.text
    assert f"{ALL} have no focal point" in page.text


def asked_in_all(page: Page) -> tuple[int, ...]:
    (row,) = [each for each in page.all("tr") if seen(each).startswith("Asked in all")]
    return tuple(int(seen(cell)) for cell in row.iter("td"))


def open_it(desk: Desk) -> None:
    desk.visitor.open(f"/rounds/{ROUND}")
    page = desk.visitor.follow("Open the round")
    assert f"{ALL} respondents get a questionnaire." in page.text
    assert desk.visitor.press(f"Open the round {TITLE}").heading == TITLE


def import_the_focal_points(desk: Desk) -> list[Row]:
    """First with faults, each of which is named with its row and its column; then put right."""
    rows = focal_points.rows()
    assert len(rows) == ALL + focal_points.SECOND == 260
    last = [
        ["XQX", "Unknown Code", "unknown@ministry.example"],
        ["ALB", "=1+1", "formula@ministry.example"],
        ["ALB", "Bad Address", "bad address at ministry"],
        [rows[0].code, rows[0].name, rows[0].email],
        ["ALB", "", "nameless@ministry.example"],
    ]
    said = desk.bring("people", focal_points.workbook(rows, last), "focal points.xlsx").text
    assert f"{len(last)} rows are to be put right first" in said
    said = desk.visitor.open(f"{desk.visitor.url}?show=error").text
    for place, words in (
        (262, "Organization: “XQX” is not in the register"),
        (263, "Full name (B263): holds a formula"),
        (264, "E-mail: “bad address at ministry” is no address"),
        (265, "stands in row 2 for the same; take one of the two out"),
        (266, "Full name: is empty"),
    ):
        of_row = said.split(f"Row {place} ", 1)[1].split(f"Row {place + 1} ")[0]
        assert words in of_row, of_row
    with desk.database.read() as session:
        assert session.scalars(select(Appointment)).first() is None, "nothing is taken over in part"
    broken = replace(rows[1], name=rows[1].name.replace(" of ", "\nof\r\n"))
    desk.bring("people", focal_points.workbook([rows[0], broken, *rows[2:]]), "focal points.xlsx")
    assert "Taken over," in desk.visitor.press("Take over the changes of 260 rows").text
    with desk.database.read() as session:
        assert {(each.email, each.name) for each in appointed(session)} == {
            (each.email, each.name) for each in rows
        }, "a name is one line"
    return rows


def appointed(session: Session) -> list[User]:
    return list(session.scalars(select(User).join(Appointment, Appointment.user_id == User.id)))


def send_invitations(desk: Desk) -> None:
    page = desk.visitor.open(f"/rounds/{ROUND}/invitations")
    assert f"260 letters go to as many focal points, of {ALL} of {ALL} respondents." in page.text
    (choice,) = [each for each in page.all("option") if seen(each) == "Albania"]
    page = desk.visitor.open(f"/rounds/{ROUND}/invitations?preview={choice.get('value')}")
    assert seen(page.one("figcaption")) == "To Deputy of ALB, Albania"
    assert "/invitation/…" in page.text, "a preview holds no link that signs anybody in"
    page = desk.visitor.press("Send 260 invitations")
    assert "Everybody who can be written to has been invited." in page.text


def let_everything_arrive(desk: Desk) -> None:
    """The worker is killed twice as letters leave, and whenever it hangs on one; what was deferred is tried
    again, and what nobody knows of and did not arrive goes out once more, by hand.
    """
    for letters in BEFORE_A_KILL:
        desk.work_until(lambda: desk.post.arrived_in_all() >= letters)  # noqa: B023 - called before the next
        desk.kill()
    assert desk.by_state(State.QUEUED), "nothing was left to send: the kills came too late to show anything"
    while not desk.work_until(desk.nothing_is_due):
        desk.kill()
    desk.end_the_worker()
    deferred = {f"{local}@ministry.example" for local in focal_points.DEFERRED}
    assert set(desk.listed("queued")) <= deferred, "those whose minute is not over"
    for letter in sorted(desk.by_state(State.UNKNOWN) - desk.arrived()):
        if HANGING not in desk.visitor.open(f"/rounds/{ROUND}/mail/{letter}").text:
            desk.visitor.follow("Send it again")
            desk.visitor.press("Send the letter again")
    desk.minutes_pass()
    desk.do_what_is_due()
    wanted = {each.email for each in focal_points.rows() if each.local not in focal_points.NEVER_TAKEN}
    assert all(desk.post.asked[each] > 1 for each in deferred)
    assert desk.post.recipients == dict.fromkeys(wanted, 1), "each wanted letter arrives, and once"


def see_what_failed(desk: Desk) -> None:
    """The mail page lists exactly what did not arrive, and what nobody knows of."""
    local = focal_points
    refused = {*local.REFUSED, local.REFUSED_BESIDE, local.NOT_RELAYED, local.TEXT_REFUSED}
    failed, unknown, sent = desk.listed("failed"), desk.listed("unknown"), desk.listed("sent")
    assert {each.partition("@")[0] for each in failed} == refused
    assert "550 5.1.1 No such person here" in desk.visitor.open(f"/rounds/{ROUND}/mail?state=failed").text
    assert HANGING in unknown
    assert sum(unknown.values()) <= 2 * desk.kills
    assert set(sent) <= set(desk.post.recipients) <= set(sent) | set(unknown)
    assert set(sent) | set(failed) | set(unknown) == {each.email for each in local.rows()}
    assert not desk.listed("queued") + desk.listed("dropped")


def decline_and_extend(desk: Desk, declining: list[Row], extended: Row) -> None:
    for row in declining:
        desk.visitor.open(case(row))
        page = desk.visitor.press("Keep the outcome", {"outcome": "declined", "reason": REASON})
        assert "Declined" in page.text
    later = focal_points.today() + timedelta(days=75)
    desk.visitor.open(case(extended))
    until = {"until-day": str(later), "until-time": "23:59", "until-reason": REASON}
    assert "more time of its own" in desk.visitor.press("more time", until).text


def case(row: Row) -> str:
    return f"/rounds/{ROUND}/respondents/{row.code}"


def a_letter_returns_and_somebody_hands_over(desk: Desk, returned: Row, leaving: Row) -> None:
    with desk.database.read() as session:
        letter = session.scalars(
            select(OutboxMessage.id).where(OutboxMessage.address == returned.email)
        ).first()
    assert letter is not None
    (desk.returned / "report.eml").write_bytes(report(letter, recipient=returned.email))
    hand_over(desk, leaving)
    desk.do_what_is_due()
    assert desk.listed("bounced") == {returned.email: 1}
    assert "Letters return since" in desk.visitor.open(case(returned)).text
    told = desk.post.recipients
    assert (told["nana@ministry.example"], told[leaving.email]) == (1, 2)


def hand_over(desk: Desk, row: Row) -> None:
    desk.visitor.open("/overview")
    desk.visitor.follow("Hand over an appointment")
    desk.visitor.press("Search", {"search": row.email})
    desk.visitor.follow(f"Hand over what {row.name} does")
    today = str(focal_points.today())
    successor = {"name": "Nana Successor", "email": "nana@ministry.example", "on": today}
    page = desk.visitor.press("Hand over to the successor", successor | {"number": "NV 900", "dated": today})
    assert "On the note verbale NV 900." in page.text


def open_an_invitation(desk: Desk, row: Row) -> None:
    (letter,) = [each for each in desk.post.arrived if each["To"] == row.email]
    reader = Visitor(desk.visitor.app)
    reader.open(link_in(letter.get_content()))
    reader.press("Sign in")
    with desk.database.read() as session:
        name = session.scalars(select(Organisation.name).where(Organisation.code == row.code)).one()
    assert name in reader.page.text


def compare_the_figures(desk: Desk) -> None:
    """Every head and every line of the regions is what SQL says of raw rows."""
    now = clock.now()
    heads = raw_figures.by_audience(desk.database, ROUND, now)
    assert {each: line["eligible"] for each, line in heads.items()} == {"state": 193, "iscm": 39, "igo": 12}
    assert (heads["state"]["declined"], heads["state"]["opened"]) == (2, 1)
    for out_of in ("invited", "today"):
        page = desk.visitor.open(f"/rounds/{ROUND}/tracking?out_of={out_of}")
        for audience, line in heads.items():
            said = seen(page.by_id(f"head-{audience}"))
            assert f"{line['answered']} of {line['eligible']}" in said
            for name, words in HEADS.items():
                assert f"{line[name]} {words}" in said, said
        compare_the_regions(page, raw_figures.by_region(desk.database, ROUND, now))
    page = desk.visitor.open(f"/rounds/{ROUND}/tracking/list?stands=bounced")
    links = {link.get("href", "") for head in page.all("th", scope="row") for link in head.iter("a")}
    unreached = raw_figures.not_reached(desk.database, ROUND, focal_points.today())
    assert links == {f"/rounds/{ROUND}/respondents/{code}?as=state" for code in unreached}
    assert len(unreached) == len(focal_points.REFUSED) + 1


def compare_the_regions(page: Page, expected: Mapping[str, raw_figures.Figures]) -> None:
    rows = [row for row in page.by_id("counts-regions").iter("tr") if figures(row)]
    found = {seen(row[0]): figures(row) for row in rows}
    total = found.pop("All")
    assert set(found) == {REGIONS[code] for code in expected}
    lines = [(found[REGIONS[code]], line) for code, line in expected.items()]
    summed = {name: sum(line[name] for line in expected.values()) for name in expected["002"]}
    for cells, line in [*lines, (total, summed)]:
        assert cells["Answered"] == f"{line['answered']} of {line['eligible']}"
        for name, words in COLUMNS.items():
            assert int(cells.get(words, 0)) == line[name], (words, cells, line)
