"""Drawing a page's questions: one macro for each kind, found once, and what all questions of a page share."""

from datetime import datetime
from functools import cached_property
from uuid import UUID

from flask import current_app, url_for
from flask_babel import get_locale
from jinja2 import Environment
from markupsafe import Markup, escape

from app.models import Attribution
from app.web.respond.drawn import Drawn, PageForm
from app.web.respond.phrases import Phrases, phrases
from app.web.respond.quoting import quotable

NAME = "name-of-the-answer"
ID = "id-of-the-answer"
NOBODY = UUID(int=0)

_macros: dict[tuple[int, str], object] = {}


class Pen:
    """What the templates of a page's questions ask for besides the question itself."""

    def __init__(self, form: PageForm) -> None:
        self.form = form
        self.sheet = form.sheet
        self._environment: Environment = current_app.jinja_env
        self.p: Phrases = phrases(str(get_locale()))
        self._skeletons: dict[Attribution | None, Markup] = {}
        self._times: dict[datetime, str] = {}

    def question(self, q: Drawn) -> Markup:
        """One question of the page with all that stands around it."""
        return self._call("question", "question", q)

    def control(self, q: Drawn) -> Markup:
        """The controls of a question, or the fact of the register that it asks to confirm."""
        return self._call("known" if q.known_said is not None else q.kind, "control", q)

    def own_control(self, q: Drawn) -> Markup:
        """The controls of a question, whatever the register knows."""
        return self._call(q.kind, "control", q)

    def nested(self, q: Drawn) -> Markup:
        """A field of a record or a row of a table."""
        return self._call("nested", "nested", q)

    def _call(self, template: str, name: str, q: Drawn) -> Markup:
        macro = _macros.get((id(self._environment), template))
        if macro is None:
            module = self._environment.get_template(f"questions/{template}.html").module
            macro = _macros[(id(self._environment), template)] = getattr(module, name)
        drawn = macro(q, self)  # type: ignore[operator]  # a macro, which Jinja leaves untyped
        return Markup(drawn)  # noqa: S704 - what a template made, escaped there

    def quoting(self, name: str, quoted: Attribution | None) -> Markup:
        """How an answer may be quoted, and for who may say so the way to change it: one text for all answers."""
        skeleton = self._skeletons.get(quoted)
        if skeleton is None:
            module = self._environment.get_template("questions/quoting.html").module
            drawn = module.quoting(self, quoted, self.choices)  # type: ignore[attr-defined]  # a macro
            skeleton = self._skeletons[quoted] = Markup(drawn)  # noqa: S704 - what a template made
        id_ = name.replace(".", "-").replace("~", "--")
        return Markup(skeleton.replace(NAME, str(escape(name))).replace(ID, str(escape(id_))))  # noqa: S704

    def counted(self, q: Drawn) -> str:
        """“26 of 150 words”."""
        most, unit = q.wording.limit or (0, "words")
        line = self.p.count_words if unit == "words" else self.p.count_characters
        return line.replace("{n}", str(q.count)).replace("{most}", str(most))

    @cached_property
    def choices(self) -> dict[Attribution, object]:
        """The choices of quoting, from the most open to the closest."""
        return dict(quotable(self.sheet))

    @cached_property
    def may_quote(self) -> bool:
        """Whether the person may say how answers are quoted."""
        return self.sheet.may_sign

    @cached_property
    def _history(self) -> str:
        return url_for("respond.history", response_id=self.sheet.id, answer_id=NOBODY)

    def history(self, answer: UUID) -> str:
        """The address of an answer's history."""
        return self._history.replace(str(NOBODY), str(answer))

    def when(self, at: datetime) -> str:
        """“today 14:05”, “16 November”."""
        found = self._times.get(at)
        if found is None:
            found = self._times[at] = str(self._environment.filters["seen"](at, self.sheet.zone))
        return found
