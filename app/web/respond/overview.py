"""The response as a list of tasks: how far each part is, and where to go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.definitions.schema import Section
from app.i18n import _
from app.policy import Act, can, may_hand_over
from app.queries import teams
from app.queries.teams import Given, Member
from app.services.writing_language import LANGUAGES
from app.web import access, transactions
from app.web.respond import moving
from app.web.respond.blueprint import blueprint
from app.web.respond.clearance import cleared
from app.web.respond.lateness import notice
from app.web.respond.next_step import next_step
from app.web.respond.overview_more import beyond
from app.web.respond.page_form import how_many
from app.web.respond.quoting import quotable
from app.web.respond.sheet import Sheet, author, facts, sheet
from app.web.respond.since_last import Taken, taken
from app.web.respond.tasks import Progress, progress
from app.web.respond.team_words import part_name, with_whom
from app.web.respond.versions import left_behind


@dataclass(frozen=True)
class Task:
    """One row of the list."""

    title: str
    url: str | None
    about: str
    progress: Progress
    questions: str
    removable: UUID | None = None
    team: Sequence[tuple[str, Given]] = ()
    """Who writes here because it was given to them, and that part."""


@dataclass(frozen=True)
class Group:
    """A heading with its tasks."""

    title: str
    tasks: list[Task]
    repeated: bool = False


@blueprint.get("")
@access.requires(Act.READ_RESPONSE, facts)
def overview(response_id: UUID) -> ResponseReturnValue:
    """The task list of one response."""
    found = sheet(response_id)
    session = transactions.session()
    members = teams.team(session, response_id) if found.is_own and not found.part else ()
    mine = teams.given_to(session, response_id, found.actor.user_id) if found.part else ()
    groups = groups_of(found, members)
    rows = [task.progress for group in groups for task in group.tasks]
    asked, done = sum(row.asked for row in rows), sum(row.answered for row in rows)
    lacking = sum(row.lacking + row.wrong for row in rows)
    clearing = cleared(found) if found.is_own and not found.part else None
    steps = [(task.title, task.url, task.progress) for group in groups for task in group.tasks]
    return render_template(
        "respond/overview.html",
        sheet=found,
        zone=found.zone,
        beyond=beyond(found),
        notice=notice(found),
        groups=groups,
        asked=asked,
        answered=done,
        lacking=lacking,
        quoting=quotable(found).get(found.head.attribution) if found.head.attribution else None,
        writes_in=LANGUAGES.get(found.head.language, found.head.language),
        days_left=_days_left(found),
        roles=roles(),
        hands_over=_hands_over(found),
        manages=can(found.actor, Act.MANAGE_TEAM, found.facts()),
        members=[(each.name, [part_name(found, part) for part in each.parts]) for each in members],
        mine=[(part_name(found, part), part) for part in mine],
        author=author,
        left_behind=left_behind(found) if found.is_own else (),
        again=_again(found),
        clearing=clearing,
        next_step=next_step(found, steps, clearing),
        gone=[one for one in found.taken_out if one.mechanism] if found.may_edit() else [],
        last=max((row.last for row in rows if row.last), key=lambda kept: kept.at, default=None),
    )


def _again(found: Sheet) -> list[Taken]:
    """The answers of the round before of which nothing has been said yet."""
    return [row for row in taken(found) if row.before.open] if found.editable and found.is_own else []


def groups_of(found: Sheet, members: Sequence[Member] = ()) -> list[Group]:
    """Every part of the response in the order of the questionnaire, with who of the team writes it."""
    groups = []
    for section in found.questionnaire.sections:
        if section.repeat is not None:
            title = _("Mechanisms %(organisation)s takes part in", organisation=found.organisation)
            if found.questionnaire.audience == "igo":
                title = _("Mechanisms %(organisation)s works with", organisation=found.organisation)
            groups.append(Group(title, _blocks(found, section, members), repeated=True))
        elif tasks := _pages(found, section, members):
            groups.append(Group(found.words(section.title, None), tasks))
    return groups


def _pages(found: Sheet, section: Section, members: Sequence[Member]) -> list[Task]:
    return [
        Task(
            title=found.words(found.questionnaire.page(section.key, page.page_key).title, None),
            url=moving.address(found, page) if found.may_edit(section=section.key) else None,
            about=_("Optional. Say more if you have the time.") if page.more else "",
            progress=progress(found, [page]),
            questions=how_many(len(page.asks)),
            team=with_whom(members, section.key, None),
        )
        for page in found.pages(section.key, None)
    ]


def _blocks(found: Sheet, section: Section, members: Sequence[Member]) -> list[Task]:
    tasks = []
    added = found.added if found.editable and found.is_own else frozenset()
    for block in found.stored.blocks:
        pages = found.pages(section.key, block.id)
        if block.group_key != section.key or not pages:
            continue
        main = [page for page in pages if not page.more]
        deeper = sum(len(page.asks) for page in pages if page.more)
        more = _("and %(questions)s behind “Say more”", questions=how_many(deeper)) if deeper else ""
        tasks.append(
            Task(
                title=found.subject_name(block.id) or found.subject_short(block.id),
                url=moving.address(found, pages[0]) if found.may_edit(block.id) else None,
                about=more,
                progress=progress(found, pages),
                questions=how_many(sum(len(page.asks) for page in main)),
                removable=block.id if block.id in added and found.may_edit(block.id) else None,
                team=with_whom(members, section.key, block.id),
            )
        )
    return tasks


def roles() -> dict[str, str]:
    """What a person is appointed as, in words."""
    return {
        "focal_point": _("Focal point"),
        "contributor": _("Writes answers"),
        "clearing_officer": _("Clears the answers"),
        "observer": _("Reads along"),
    }


def _hands_over(found: Sheet) -> UUID | None:
    """The appointment that the person before us could pass on to a successor."""
    head = found.head
    for hat in found.actor.appointments:
        here = (hat.organisation_id, hat.audience) == (head.organisation_id, head.audience.value)
        if here and may_hand_over(found.actor, hat.appointment_id):
            return hat.appointment_id
    return None


def _days_left(found: Sheet) -> int | None:
    due = found.head.due_at or found.head.closes_at
    left = (due - clock.now()).days
    return left if left >= 0 and found.editable else None
