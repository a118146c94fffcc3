"""How answers may be quoted, in words:
the choices that make sense for a respondent, each with its consequence.
"""

from dataclasses import dataclass

from app.i18n import _
from app.models import Attribution
from app.policy import ATTRIBUTIONS_OF
from app.web.respond.sheet import Sheet


@dataclass(frozen=True)
class Quoting:
    """One choice: as a label, inside a line, what follows from it, and a sentence that shows it."""

    words: str
    inline: str
    consequence: str
    sample: str


def quotable(sheet: Sheet) -> dict[Attribution, Quoting]:
    """The choices of the respondent, from the most open to the closest."""
    every = {
        Attribution.BY_NAME: _by_name(sheet),
        Attribution.UNNAMED: _unnamed(sheet),
        Attribution.BACKGROUND: Quoting(
            _("Background only"),
            _("background only"),
            _("Read by IOM’s analysts, in no document"),
            _("Nothing is printed. IOM’s analysts know the answer and may ask you about it."),
        ),
        Attribution.NOT_FOR_PUBLICATION: Quoting(
            _("Not for publication"),
            _("not for publication"),
            _("Leaves no trace in documents or exports. That you took part is counted"),
            _("Nothing is printed, and what you answered is in no count that others see."),
        ),
    }
    return {choice: every[choice] for choice in ATTRIBUTIONS_OF[sheet.questionnaire.audience]}


def _by_name(sheet: Sheet) -> Quoting:
    name = sheet.subject(None) if sheet.questionnaire.audience == "iscm" else sheet.organisation
    name = name[:1].upper() + name[1:]
    return Quoting(
        _("By name"),
        _("by name"),
        _("“%(name)s reported …”", name=name),
        _("“%(name)s reported that the exchange of information had led to two new agreements.”", name=name),
    )


def _unnamed(sheet: Sheet) -> Quoting:
    if sheet.questionnaire.audience == "igo":
        return Quoting(
            _("As “an organization”"),
            _("“an organization”"),
            _("Counted and paraphrased, never named"),
            _("“An organization reported that the exchange of information had led to two new agreements.”"),
        )
    return Quoting(
        _("As “a Member State”"),
        _("“a Member State”"),
        _("Counted and paraphrased, never named"),
        _("“A Member State reported that the exchange of information had led to two new agreements.”"),
    )
