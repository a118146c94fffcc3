"""Staff read how a round stands, as of any day, narrow it, keep views of it and take it away as files."""

import csv
import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from app import clock
from app.database import Database
from app.models import AuditEvent, Organisation, Response, Round, SavedView, User
from app.policy import StaffRole
from tests import tracked_round, tracked_rows
from tests.browsing import Page, Visitor
from tests.journeys.conftest import SignIn
from tests.journeys.test_tracking_recount import rows_of, saved, seen

PEOPLE = {role: f"{role.value}@iom.example" for role in StaffRole}
NOBODY = "nobody@mfa.example"
PAGE = "/rounds/made/tracking"


@pytest.fixture(autouse=True)
def settled(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: tracked_rows.NOW)
    with database.begin() as session:
        tracked_round.make(session, states=24, mechanisms=4, igos=2)
        for role, email in PEOPLE.items():
            name = role.value.title()
            session.add(User(email=email, name=name, staff_role=role, created_at=tracked_rows.OPENED))
        session.add(User(email=NOBODY, name="Nobody", created_at=tracked_rows.OPENED))


@pytest.fixture
def coordinator(sign_in: SignIn) -> Visitor:
    return sign_in(PEOPLE[StaffRole.COORDINATOR])


def test_the_tab_leads_to_the_newest_round_and_never_to_one_that_tries_a_questionnaire(
    coordinator: Visitor, database: Database
) -> None:
    with database.begin() as session:
        version = session.scalars(select(Response.questionnaire_version_id)).first()
        session.add(
            Round(
                code="pilot",
                title="Pilot",
                opens_at=tracked_rows.NOW,
                closes_at=tracked_rows.NOW + timedelta(days=9),
                zone="UTC",
                opened_at=tracked_rows.NOW,
                pilots_version_id=version,
            )
        )
    page = coordinator.open("/overview")
    assert coordinator.open(page.link("Tracking")).url == PAGE
    for address in ("tracking", "tracking/list", "chase", "tracking/questions"):
        assert coordinator.client.get(f"/rounds/pilot/{address}").status_code == 404


def test_without_any_round_the_tab_leads_to_the_overview(coordinator: Visitor, database: Database) -> None:
    with database.begin() as session:
        version = session.scalars(select(Response.questionnaire_version_id)).first()
        session.execute(update(Round).values(pilots_version_id=version))
    assert coordinator.open("/tracking").url == "/overview"


@pytest.mark.parametrize(
    ("day", "remedy"),
    [
        ("22.01.2027", "Give the day as year, month and day, such as 2027-01-22"),
        ("<b>2027", "Give the day as year, month and day, such as 2027-01-22"),
        ("2027-03-06", "This day has not come yet. Give today or an earlier one"),
        ("2026-11-01", "The round was opened on 2 November 2026. Give that day or a later one"),
    ],
)
def test_a_day_that_cannot_be_shown_is_said_where_it_was_typed_and_kept(
    coordinator: Visitor, day: str, remedy: str
) -> None:
    page = coordinator.open(f"{PAGE}?as_of={day}")
    assert page.link(remedy) == "#as_of"
    field = page.control("As of")
    assert (field.get("value"), field.get("aria-invalid")) == (day, "true")
    assert "As of 5 March 2027, 14:00, Geneva time" in page.text


def test_today_is_now_and_an_earlier_day_is_its_end(coordinator: Visitor) -> None:
    assert "5 March 2027, 14:00, Geneva time" in coordinator.open(f"{PAGE}?as_of=2027-03-05").text
    page = coordinator.open(f"{PAGE}?as_of=2027-01-22")
    assert "As of 22 January 2027, 23:59, Geneva time · 6 days to the deadline" in page.text
    assert "as_of=2027-01-22" in page.link("Lists and drafts")


def test_tables_are_sorted_by_a_link_and_only_by_columns_there_are(coordinator: Visitor) -> None:
    page = coordinator.open(PAGE)
    plain = list(rows_of(page, "mechanisms"))
    assert plain == sorted(plain)
    table = page.by_id("counts-mechanisms")
    head = next(link for link in table.iter("a") if seen(link) == "Members answered")
    down = coordinator.open(head.get("href", ""))
    counts = [int(cells["Members answered"].split()[0]) for cells in rows_of(down, "mechanisms").values()]
    assert counts == sorted(counts, reverse=True)
    heads = {seen(each): each.get("aria-sort") for each in down.by_id("counts-mechanisms").iter("th")}
    assert heads["Members answered"] == "descending"
    for column in ("mechanisms.password", "mechanisms.name;drop table round", "regions", "-", "x.y"):
        assert list(rows_of(coordinator.open(f"{PAGE}?sort={column}"), "mechanisms")) == plain


def test_a_list_shows_how_far_drafts_are_and_never_what_stands_in_them(coordinator: Visitor) -> None:
    page = coordinator.open(f"{PAGE}/list?as_of=2026-11-20&stands=under_way")
    assert re.search(r"\b[12] of \d+\b", page.text)
    assert "A. Person" not in page.html
    assert "More of it" not in page.html


def test_a_list_with_words_that_nobody_has_is_empty_and_shows_a_way_on(coordinator: Visitor) -> None:
    page = coordinator.open(f"{PAGE}/list?region=%3Cscript%3E&stands=nonsense&mechanism=none")
    assert page.heading == "<script> · none · nonsense"
    assert "Nobody stands so" in page.text
    assert "Eligible" in coordinator.open(page.link("see everybody in the base")).text


def test_item_response_is_for_who_may_read_single_answers(sign_in: SignIn) -> None:
    page = sign_in(PEOPLE[StaffRole.ANALYST]).open(f"{PAGE}/questions")
    assert page.heading == "Item response, by question"
    viewer = sign_in(PEOPLE[StaffRole.VIEWER])
    assert "By question" not in viewer.open(PAGE).text
    assert viewer.client.get(f"{PAGE}/questions").status_code == 404
    assert viewer.client.get(f"{PAGE}/questions/state/contact_name").status_code == 404
    book = load_workbook(io.BytesIO(saved(viewer, viewer.open(PAGE), "all", "xlsx")))
    assert "By question" not in book.sheetnames


def test_item_response_counts_those_who_were_asked_and_leads_to_them(sign_in: SignIn) -> None:
    analyst = sign_in(PEOPLE[StaffRole.ANALYST])
    page = analyst.open(f"{PAGE}/questions")
    row = next(each for each in page.all("tr") if "Why not?" in seen(each))
    answered, asked = map(int, re.findall(r"(\d+) of (\d+)", seen(row))[0])
    assert 0 < answered <= asked
    listed = analyst.open(page.link("Why not?"))
    assert f"{answered} of {asked} answered" in listed.text
    assert "Not yet" not in listed.html, "whether, never what"
    for which, number in (("answered", answered), ("not answered", asked - answered)):
        assert f"Shown: {number}." in analyst.open(listed.link(which)).text


def test_who_is_no_staff_finds_nothing(sign_in: SignIn) -> None:
    nobody = sign_in(NOBODY)
    for address in ("/tracking", PAGE, f"{PAGE}/list", "/rounds/made/chase", "/views"):
        assert nobody.client.get(address).status_code == 404
    assert sign_in(PEOPLE[StaffRole.VIEWER]).client.get("/rounds/made/chase").status_code == 404


def test_each_table_is_taken_away_as_csv_and_that_is_written_down(
    coordinator: Visitor, database: Database
) -> None:
    page = coordinator.open(f"{PAGE}?as_of=2027-01-22&out_of=today")
    content = saved(coordinator, page, "regions", "csv")
    records = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    assert records[0][:4] == ["Region", "Answered", "Eligible", "Rate, per cent"]
    shown = rows_of(page, "regions")
    assert [f"{row[1]} of {row[2]}" for row in records[1 : len(shown) + 1]] == [
        cells["Answered"] for cells in shown.values()
    ]
    notes = [row[0] for row in records[len(shown) + 2 :]]
    assert notes[0] == f"Rows: {len(shown)}"
    assert "As of 22 January 2027, 23:59, Geneva time." in notes
    assert any(note.startswith("Base, as of the day") for note in notes)
    assert any("declined stays in the base" in note for note in notes)
    with database.read() as session:
        written = session.scalars(select(AuditEvent).where(AuditEvent.act == "exported_tracking")).one()
    assert written.detail["table"] == "regions"
    assert written.detail["as_of"] == "2027-01-22"


def test_what_there_is_not_cannot_be_taken_away(coordinator: Visitor) -> None:
    token = coordinator.open(PAGE).all("input", name="csrf_token")[0].get("value")
    for fields in ({"table": "all", "format": "csv"}, {"table": "x", "format": "xlsx"}, {"table": "regions"}):
        sent = {**fields, "csrf_token": token}
        assert coordinator.client.post(f"{PAGE}/export", data=sent).status_code == 404


def names_in(page: Page) -> list[str]:
    table = page.by_id("chasing-table")
    return [seen(each) for each in table.iter("th") if each.get("scope") == "row"]


def test_the_chase_list_names_who_has_not_finished_the_longest_silent_first(
    coordinator: Visitor, database: Database
) -> None:
    page = coordinator.open("/rounds/made/chase")
    for finished in ("Submitted", "Declined", "Not eligible", "Duplicate", "Received on paper"):
        assert not [
            each
            for each in page.all("span")
            if seen(each).endswith(finished) and "tag" in (each.get("class") or "")
        ]
    signs = [seen(each) for each in page.all("td") if each.get("data-head") == "Last sign of life"]
    assert signs.index("never") == 0
    assert [each == "never" for each in signs] == sorted((each == "never" for each in signs), reverse=True)
    assert "2 reminders, 1 note verbale, 1 call" in page.text
    assert "Telephone on 9 March 2027" in page.text
    assert "No valid contact: ask the mission" in page.text


def test_the_rule_of_the_chase_list_can_be_changed(coordinator: Visitor) -> None:
    page = coordinator.open("/rounds/made/chase?order=name&stands=opened")
    assert "by name" in page.text
    assert {seen(each) for each in page.all("td") if each.get("data-head") == "Stands at"} == {"Opened"}
    silent = coordinator.open("/rounds/made/chase?silent=30000")
    assert silent.link("Give the number of days in digits, at most 366") == "#silent"
    assert silent.control("Silent for at least").get("value") == "30000"
    assert coordinator.client.get("/rounds/made/chase?as_of=2027-01-01").status_code == 404


def test_the_chase_list_is_taken_away_under_its_rule(coordinator: Visitor) -> None:
    page = coordinator.open("/rounds/made/chase?order=name&role=state")
    content = saved(coordinator, page, "chase", "csv").decode("utf-8-sig")
    records = list(csv.reader(io.StringIO(content), strict=True))
    names = names_in(page)
    assert [row[0] for row in records[1 : len(names) + 1]] == names
    assert names == sorted(names)


def test_a_view_is_kept_found_shared_renamed_and_removed(sign_in: SignIn, database: Database) -> None:
    coordinator = sign_in(PEOPLE[StaffRole.COORDINATOR])
    coordinator.open(f"{PAGE}/list?role=state&stands=overdue&as_of=2027-02-10")
    page = coordinator.press("Keep the view", {"name": " Late   States "})
    assert page.url.startswith(f"{PAGE}/list?")
    assert page.heading == "States · Late"
    opened = coordinator.open(page.link("Late States"))
    assert (opened.heading, "10 February 2027" in opened.text) == ("States · Late", True)
    viewer = sign_in(PEOPLE[StaffRole.VIEWER])
    assert "Late States" not in viewer.open("/views").text
    coordinator.open("/views")
    coordinator.press("Save Late States", {"name": "Overdue", "shared": "yes"})
    assert "Overdue" in viewer.open("/views").text
    with database.read() as session:
        view = session.scalars(select(SavedView)).one()
    for address, fields in ((f"/views/{view.id}", {"name": "Mine"}), (f"/views/{view.id}/remove", {})):
        token = viewer.open("/views").all("input", name="csrf_token")[0].get("value")
        assert viewer.client.post(address, data={**fields, "csrf_token": token}).status_code == 404
    coordinator.open(coordinator.open("/views").link("Remove Overdue"))
    coordinator.press("Remove the view")
    with database.read() as session:
        assert session.scalars(select(SavedView)).all() == []
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.subject_kind == "saved_view")).all()
    assert acts == ["saved_view", "changed_view", "removed_view"]


def test_a_view_needs_a_name_of_its_own_and_what_was_typed_stays(coordinator: Visitor) -> None:
    coordinator.open(f"{PAGE}?regions=iom")
    coordinator.press("Keep the view", {"name": "IOM"})
    coordinator.open(f"{PAGE}?regions=iom&out_of=today")
    page = coordinator.press("Keep the view", {"name": "IOM"}, status=422)
    assert page.heading == "Keep a view"
    assert page.link("You have a view called “IOM” already. Choose another name") == "#name"
    assert page.control("Name of the view").get("value") == "IOM"
    assert "out_of=today" in coordinator.press("Keep the view", {"name": "IOM, today"}).url
    assert "Give the view a name" in _kept_as(coordinator, "  ").text
    assert "The name has 20 characters too many" in _kept_as(coordinator, "x" * 100).text


def _kept_as(visitor: Visitor, name: str) -> Page:
    visitor.open(PAGE)
    return visitor.press("Keep the view", {"name": name}, status=422)


def test_a_view_opens_only_pages_that_there_are_with_filters_that_there_are(
    coordinator: Visitor, database: Database
) -> None:
    token = coordinator.open(PAGE).all("input", name="csrf_token")[0].get("value")
    query = "role=state&_external=1&round_code=../../x&next=https://evil.example"
    fields = {"place": "list", "round": "made", "query": query, "name": "V", "csrf_token": token}
    answer = coordinator.client.post("/views", data=fields)
    assert answer.headers["Location"] == f"{PAGE}/list?role=state"
    for wrong in ({"place": "../x"}, {"round": "nowhere"}):
        assert coordinator.client.post("/views", data={**fields, **wrong}).status_code == 404


def test_the_overview_counts_as_the_tracking_page_does_out_of_today(coordinator: Visitor) -> None:
    overview = seen(coordinator.open("/overview").one("main"))
    page = coordinator.open(f"{PAGE}?out_of=today")
    for audience in ("state", "iscm"):
        figures = re.findall(r"\d+ of \d+", seen(page.by_id(f"head-{audience}")))[0]
        assert figures in overview
    assert "2 answered" not in overview, "what came outside is added to what came here, as it was"
    assert "of the answers came outside the service: Desk." in overview


def test_the_selected_are_taken_to_the_page_that_reminds_them(
    sign_in: SignIn, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: tracked_rows.day(60))
    with database.begin() as session:
        session.execute(update(Round).values(closed_at=None))
    coordinator = sign_in(PEOPLE[StaffRole.COORDINATOR])
    page = coordinator.open("/rounds/made/chase?stands=opened")
    first = page.all("input", name="response")[0].get("value")
    asked = coordinator.press("Remind the selected", {"response": first})
    assert asked.heading == "Remind by hand"
    assert first in [each.get("value") for each in asked.all("input", name="response")]


def test_who_may_not_send_mail_selects_nobody(sign_in: SignIn) -> None:
    page = sign_in(PEOPLE[StaffRole.ANALYST]).open("/rounds/made/chase")
    assert not page.all("input", name="response")
    assert "Remind the selected" not in page.text


def test_each_respondent_to_chase_leads_to_its_page_where_a_contact_is_recorded(coordinator: Visitor) -> None:
    page = coordinator.open("/rounds/made/chase?order=name&role=state")
    name = names_in(page)[0]
    assert name in coordinator.open(page.link(name)).text
    assert page.link(f"Write a contact down with {name}").endswith("#contacts")


def test_whoever_is_listed_leads_to_its_page(sign_in: SignIn) -> None:
    viewer = sign_in(PEOPLE[StaffRole.VIEWER])
    page = viewer.open("/rounds/made/tracking/list?role=iscm")
    row = next(each for each in page.all("th") if each.get("scope") == "row")
    name = seen(row)
    assert viewer.open(page.link(name)).heading == name


def test_sub_regions_are_left_out_where_none_is_known(coordinator: Visitor, database: Database) -> None:
    assert "States by sub-region" in coordinator.open(PAGE).text
    with database.begin() as session:
        session.execute(update(Organisation).values(subregion_m49=None))
    assert "States by sub-region" not in coordinator.open(PAGE).text


def test_from_the_saved_views_one_comes_back_to_the_pages_of_tracking(coordinator: Visitor) -> None:
    page = coordinator.open("/views")
    assert page.link("Who has answered") == PAGE
    assert page.link("To chase") == "/rounds/made/chase"
    assert coordinator.open(page.link("change the round")).heading == "All rounds"
