"""The words that stand around every question:
looked up once for each language, not once for each question.
"""

from dataclasses import dataclass
from functools import lru_cache

from app.i18n import _


@dataclass(frozen=True)
class Phrases:
    """Every phrase of the questions' templates."""

    about_the_answer: str
    add_another: str
    add_first: str
    also_an_answer: str
    ask_about: str
    change: str
    choose_one: str
    correct: str
    correct_about: str
    count_characters: str
    count_words: str
    earlier: str
    example: str
    from_register: str
    help: str
    history: str
    if_other: str
    keep_entry: str
    leave_unanswered: str
    name_number: str
    no_rows: str
    not_in_list: str
    or_: str
    quoting: str
    quoting_how: str
    quoting_open: str
    question_number: str
    remove: str
    right: str
    saved: str
    what_else: str
    what_is_right: str
    which: str


@lru_cache(maxsize=16)
def phrases(_language: str) -> Phrases:
    """The phrases in the language of the request, which is the one named."""
    return Phrases(
        about_the_answer=_("How this answer may be quoted"),
        add_another=_("Add another {item}"),
        add_first=_("Add an entry: {item}"),
        also_an_answer=_("This is an answer too"),
        ask_about=_("Ask IOM about this question"),
        change=_("Change"),
        choose_one=_("Choose one"),
        correct=_("No, correct it"),
        correct_about=_("Your correction is your answer, and IOM is asked to change its register"),
        count_characters=_("{n} of {most} characters"),
        count_words=_("{n} of {most} words"),
        earlier=_("What {name} answered in {round}"),
        example=_("An example"),
        from_register=_("From the register of IOM. Is this right?"),
        help=_("Help"),
        history=_("history"),
        if_other=_("If “{other}”: which?"),
        keep_entry=_("Keep this entry"),
        leave_unanswered=_("Leave this unanswered"),
        name_number=_("{label}, name {number}"),
        no_rows=_("The rows come from an earlier question, which is not answered yet."),
        not_in_list=_("Not in the list: in your own words"),
        or_=_("or"),
        quoting=_("Quoting: {how}"),
        quoting_how=_("change"),
        quoting_open=_("Quoting: not chosen yet"),
        question_number=_("of question {number}"),
        remove=_("Remove"),
        right=_("Yes, this is right"),
        saved=_("Saved {time}"),
        what_else=_("What else?"),
        what_is_right=_("What is right?"),
        which=_("Which?"),
    )
