"""Drawing the questions of a page: what they share, and what differs from one drawing to the next."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TypeAlias
from uuid import UUID

from flask import current_app
from flask_babel import get_locale
from jinja2 import Environment
from markupsafe import Markup, escape

from app.i18n import _, ngettext
from app.models import Attribution
from app.queries import threads
from app.queries.answer_sheets import Kept
from app.web import transactions
from app.web.addresses import address
from app.web.respond import attached
from app.web.respond.drawn import Drawn, Entry, Gone, PageForm
from app.web.respond.earlier import before
from app.web.respond.phrases import Phrases, phrases
from app.web.respond.quoting import Quoting, quotable
from app.web.respond.sheet import author
from app.web.respond.skeletons import Filled, Gaps, Skeleton, cut, fill
from app.web.respond.wording import Wording

NOBODY = UUID(int=0)
QUESTIONS = Gaps.of("questions")
"""Stands in a page where its questions go."""
MOST_KEPT = 5_000
WITHOUT_ANSWER = ("note", "file")
ANEW = ("records", "matrix", "reference", "note", "file")
"""Kinds that are drawn anew each time: they hold other questions or as many fields as there are names."""

Kind: TypeAlias = tuple[int, str, bool, Attribution | None, bool, bool]
_kept: dict[Kind, tuple[Wording, Skeleton]] = {}
"""Skeletons by wording, language, and what a template may ask of a question that has nothing wrong."""


class Pen:
    """What the templates of a page's questions ask for besides the question itself."""

    def __init__(self, form: PageForm) -> None:
        self.sheet = form.sheet
        self.instance = form.instance
        self.language = str(get_locale())
        self.p: Phrases = phrases(self.language)
        self._environment: Environment = current_app.jinja_env
        self._names: dict[str, Markup] = {}
        self._times: dict[datetime, Markup] = {}

    def put_into(self, page: str, drawn: Iterable[Drawn]) -> bytes:
        """The page with its questions in the place of QUESTIONS, one below the other."""
        before, _place, after = page.partition(QUESTIONS)
        return b"".join([before.encode(), *map(self.question, drawn), after.encode()])

    def question(self, q: Drawn) -> bytes:
        """One question of the page with all that stands around it."""
        values = self._values(q)
        anew = q.wording.kind in ANEW or not q.wording.lasts or q.when != q.wording.when
        if q.problems or q.changes or q.known_said is not None or anew:
            return self._macro("question", "question", q, Filled(values)).encode()
        key = (id(q.wording), self.language, self.may_quote, q.quoted, "by" in values, q.answered)
        found = _kept.get(key)
        if found is None:
            if len(_kept) > MOST_KEPT:
                _kept.clear()
            drawn = self._macro("question", "question", q, Gaps())
            found = _kept[key] = (q.wording, cut(drawn))  # holding the wording keeps its id its own
        return fill(found[1], values)

    def control(self, q: Drawn, d: Gaps | Filled) -> Markup:
        """The controls of a question, or the fact of the register that it asks to confirm."""
        return self._macro("known" if q.known_said is not None else q.kind, "control", q, d)

    def own_control(self, q: Drawn, d: Gaps | Filled) -> Markup:
        """The controls of a question, whatever the register knows."""
        return self._macro(q.kind, "control", q, d)

    def nested(self, q: Drawn) -> Markup:
        """A field of a record or a row of a table."""
        return self._macro("nested", "nested", q, Filled(self._values(q)))

    def values(self, q: Drawn) -> Filled:
        """What differs, for a row of a table that draws its controls itself."""
        return Filled(self._values(q))

    def _macro(self, template: str, name: str, q: Drawn, d: Gaps | Filled) -> Markup:
        module = self._environment.get_template(f"questions/{template}.html").module
        return Markup(getattr(module, name)(q, d, self))  # noqa: S704 - what a template made, escaped there

    def _values(self, q: Drawn) -> dict[str, str]:
        """Everything about a question that differs from one drawing to the next, as HTML."""
        values = {"number": str(q.number or ""), "hidden": " hidden" if q.hidden else ""}
        if q.question.most_attachments:
            values["attached"] = str(self._attached_to(q))
        if q.wording.kind in WITHOUT_ANSWER:
            return values
        kept = None if q.nested else q.newest
        if kept is not None:
            values |= self._written(kept)
        if not q.nested:
            values["ask"] = f"{self._threads}/{q.question.key}"
            if self._something_beside:
                values |= self._beside(q)
        if q.field is None:
            return values
        values["seen"] = str(q.field.seen)
        if own := q.field.one(".other"):
            values["own"] = escape(own)
        if q.wording.options:
            mark = " selected" if q.drop_down else " checked"
            return values | {f"chosen:{key}": mark for key in q.field.many()}
        values["language"] = q.language
        values["value"] = escape(q.field.one())
        if q.wording.limit is not None:
            values |= self._counted(q, q.wording.limit)
        return values

    @cached_property
    def _something_beside(self) -> bool:
        head = self.sheet.head
        return head.remarked or head.answered_before or head.talked

    @cached_property
    def _talks(self) -> Mapping[threads.Place, int]:
        return threads.counts_about(transactions.session(), self.sheet.id)

    @cached_property
    def _threads(self) -> str:
        talks = address("respond.conversations", response_id=self.sheet.id)
        return f"{talks}/about/{self.instance}" if self.instance else f"{talks}/about"

    def _counted(self, q: Drawn, limit: tuple[int, str]) -> dict[str, str]:
        """“26 of 150 words”, and whether that is over it."""
        most, unit = limit
        line = self.p.count_words if unit == "words" else self.p.count_characters
        count = q.count
        said = line.replace("{n}", str(count)).replace("{most}", str(most))
        return {"counted": escape(said), "over": " over" if count > most else ""}

    def removed(self, count: int) -> str:
        """The line behind which the removed entries of a list are."""
        return ngettext("%(num)s removed entry", "%(num)s removed entries", count)

    @property
    def bring_back(self) -> str:
        """The button at a removed entry."""
        return _("Bring it back")

    def removed_by(self, gone: Gone) -> str:
        """Who removed an entry, and when."""
        return _("Removed by %(name)s, %(when)s", name=gone.by, when=self.when(gone.at))

    def quoting(self, name: str, quoted: Attribution | None) -> Markup:
        """How an answer may be quoted, and for who may say so the way to change it."""
        module = self._environment.get_template("questions/quoting.html").module
        drawn = module.quoting(self, name, quoted, self.choices)  # type: ignore[attr-defined]  # a macro
        return Markup(drawn)  # noqa: S704 - what a template made, escaped there

    def attached_to_parts(self, entry: Entry) -> Markup:
        """What is attached to the fields of an entry that stands closed."""
        parts = [part for part in entry.parts if part.question.most_attachments and not part.hidden]
        return Markup("").join(self._attached_to(part) for part in parts)

    def _attached_to(self, q: Drawn) -> Markup:
        """What is attached to a question or field, and the way to attach more."""
        instance = q.field.slot.instance if q.field is not None else self.instance
        there, where = [], ""
        if not isinstance(instance, str):
            there = attached.standing(self.sheet).get((instance, q.question.key), [])
            where = f"{instance or ''}:{q.question.key}"
        module = self._environment.get_template("questions/attached.html").module
        room = len(there) < q.question.most_attachments
        drawn = module.attached(self, q.id, q.label, where, there, room, attached.about)  # type: ignore[attr-defined]  # a macro
        return Markup(drawn)  # noqa: S704 - what a template made, escaped there

    def _written(self, kept: Kept) -> dict[str, str]:
        """Who wrote the answer last and when, and where its history is."""
        return {
            "by": self._by(author(kept)),
            "when": self.when(kept.at),
            "address": f"{self._history}{kept.id}",
            "revisions": f" ({kept.revision})" if kept.revision > 1 else "",
        }

    def _beside(self, q: Drawn) -> dict[str, str]:
        """What was said of the question and answered to it before, and how often IOM was asked about it."""
        head = self.sheet.head
        said = self._remarked(q) if head.remarked else ""
        earlier = self._earlier(q) if head.answered_before else ""
        talks = self._talks.get((self.instance, q.question.key), 0) if head.talked else 0
        return {"beside": said + earlier, "talks": self._counting(talks) if talks else ""}

    def _counting(self, talks: int) -> str:
        """How many conversations there are about a question."""
        said = ngettext("%(num)s conversation with IOM", "%(num)s conversations with IOM", talks)
        return Markup('<br><span class="muted">{}</span>').format(said)

    def _earlier(self, q: Drawn) -> str:
        """What was answered in the round before."""
        asked = self.sheet.questionnaire.place(q.question.key).question
        found = before(self.sheet, asked, self.instance)
        if found is None:
            return ""
        module = self._environment.get_template("questions/earlier.html").module
        return str(module.earlier(self, q, found))  # type: ignore[attr-defined]  # a macro of the template

    def _remarked(self, q: Drawn) -> str:
        """What was said of the question at clearance."""
        module = self._environment.get_template("questions/remarks.html").module
        said = [
            one
            for one in self.sheet.remarks
            if (one.instance_id, one.question_key) == (self.instance, q.question.key)
        ]
        return str(module.remarks(self, said)) if said else ""  # type: ignore[attr-defined]  # a macro

    @cached_property
    def may_edit(self) -> bool:
        """Whether the person may answer here."""
        return self.sheet.may_edit(self.instance)

    @cached_property
    def clearance(self) -> str:
        """The address of the page about clearance."""
        return address("respond.clearance", response_id=self.sheet.id)

    @cached_property
    def choices(self) -> dict[Attribution, Quoting]:
        """The choices of quoting, from the most open to the closest."""
        return quotable(self.sheet)

    @cached_property
    def may_quote(self) -> bool:
        """Whether the person may say how answers are quoted."""
        return self.sheet.may_sign

    @cached_property
    def _history(self) -> str:
        somebodys = address("respond.history", response_id=self.sheet.id, answer_id=NOBODY)
        return somebodys.removesuffix(str(NOBODY))

    def _by(self, name: str) -> Markup:
        """A name as HTML; most answers of a page are by the same few people."""
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = escape(name)
        return found

    def when(self, at: datetime) -> Markup:
        """“today 14:05”, “16 November”."""
        found = self._times.get(at)
        if found is None:
            said = self._environment.filters["seen"](at, self.sheet.zone)
            found = self._times[at] = escape(said)
        return found
