"""Says a condition of a questionnaire in words, for readers on paper."""

from collections.abc import Mapping
from functools import singledispatchmethod
from typing import Any

from app.definitions import conditions
from app.definitions.questions import BaseQuestion, Number, Year, YesNo
from app.definitions.schema import Questionnaire
from app.i18n import _

ANSWERS = {"yes": "Yes", "no": "No", "unsure": "Not sure"}


class ConditionWords:
    """Knows the questionnaire's questions and the number under which each stands on paper."""

    def __init__(self, questionnaire: Questionnaire, numbers: Mapping[str, str], locale: str) -> None:
        self._questionnaire = questionnaire
        self._numbers = numbers
        self._locale = locale

    def only_if(self, rule: Any) -> str:
        """The rule as a sentence, such as “Only if the answer to question 3 is “Yes”.”"""
        return _("Only if %(condition)s.", condition=self._say(rule))

    @singledispatchmethod
    def _say(self, rule: Any) -> str:
        raise TypeError(f"not a rule: {type(rule).__name__}")

    @_say.register
    def _answered(self, rule: conditions.Answered) -> str:
        number = self._numbers[rule.question]
        if rule.answered:
            return _("question %(number)s has an answer", number=number)
        return _("question %(number)s has no answer", number=number)

    @_say.register
    def _is(self, rule: conditions.Is) -> str:
        return _(
            "the answer to question %(number)s is “%(value)s”",
            number=self._numbers[rule.question],
            value=self._value(rule.question, rule.value),
        )

    @_say.register
    def _includes(self, rule: conditions.Includes) -> str:
        return _(
            "the answers to question %(number)s include “%(value)s”",
            number=self._numbers[rule.question],
            value=self._value(rule.question, rule.value),
        )

    @_say.register
    def _at_least(self, rule: conditions.AtLeast) -> str:
        number = self._numbers[rule.question]
        if isinstance(self._questionnaire.question(rule.question), Number | Year):
            return _(
                "the answer to question %(number)s is %(least)s or more", number=number, least=rule.value
            )
        return _("question %(number)s has %(least)s or more answers", number=number, least=rule.value)

    @_say.register
    def _all(self, rule: conditions.All) -> str:
        return _(" and ").join(self._say(part) for part in rule.rules)

    @_say.register
    def _any(self, rule: conditions.AnyOf) -> str:
        return _("either %(choices)s", choices=_(" or ").join(self._say(part) for part in rule.rules))

    @_say.register
    def _not(self, rule: conditions.Not) -> str:
        return _("it is not so that %(condition)s", condition=self._say(rule.rule))

    def _value(self, key: str, value: str | int | float) -> str:
        question: BaseQuestion = self._questionnaire.question(key)
        if isinstance(question, YesNo):
            return _(ANSWERS.get(str(value), str(value)))
        option = question.option(str(value))
        return option.text.in_locale(self._locale) if option else str(value)
