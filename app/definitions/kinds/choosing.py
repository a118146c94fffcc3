"""Closed lists: yes or no, one of several, several; with “other, specify”."""

# ruff: noqa: ARG001 - the functions of one act share a signature, whatever their kind needs of it

from typing import Any

from app.definitions.kinds import acts
from app.definitions.kinds.acts import Directory, Names, Raw, ValueSentence
from app.definitions.kinds.texts import too_long
from app.definitions.plain import Plain
from app.definitions.questions import Choice, Choices, ClosedQuestion, YesNo
from app.i18n import _ as translated

MAX_OTHER = 2_000


@acts.read.register
def _(question: YesNo, raw: Raw, name: str, directory: Directory | None = None) -> Plain | None:
    return acts.typed(raw, name) or None


@acts.check.register
def _(question: YesNo, plain: Plain, directory: Directory | None = None) -> list[str]:
    return [] if plain in _answers(question) else [acts.ask(question)]


@acts.from_file.register
def _(question: YesNo, raw: Any, directory: Directory | None = None) -> Plain:
    value = {True: "yes", False: "no"}.get(raw) if isinstance(raw, bool) else raw
    if not isinstance(value, str) or value not in _answers(question):
        raise ValueSentence([translated("Give one of: %(answers)s", answers=", ".join(_answers(question)))])
    return value


@acts.say.register
def _(question: YesNo, plain: Plain, names: Names, locale: str = "en") -> str:
    words = {"yes": translated("Yes"), "no": translated("No"), "unsure": translated("Not sure")}
    return words.get(str(plain), str(plain))


@acts.posted.register
def _(question: YesNo, plain: Plain, name: str) -> dict[str, list[str]]:
    return {name: [str(plain)]}


@acts.ask.register
def _(question: YesNo) -> str:
    return translated("Choose yes, no or not sure") if question.unsure else translated("Choose yes or no")


def _answers(question: YesNo) -> tuple[str, ...]:
    return ("yes", "no", "unsure") if question.unsure else ("yes", "no")


@acts.read.register
def _(question: Choice, raw: Raw, name: str, directory: Directory | None = None) -> Plain | None:
    chosen = acts.typed(raw, name)
    own, other = _own_words(raw, name), question.other_option()
    if not chosen and own and other is not None:
        chosen = other.key  # words were written without the button beside them: they are meant
    if not chosen:
        return None
    return {"option": chosen, "other": own} if own and other and chosen == other.key else {"option": chosen}


@acts.check.register
def _(question: Choice, plain: Plain, directory: Directory | None = None) -> list[str]:
    chosen = plain.get("option") if isinstance(plain, dict) else None
    if not isinstance(plain, dict) or not isinstance(chosen, str) or question.option(chosen) is None:
        return [acts.ask(question)]
    return _check_other(question, [chosen], plain)


@acts.from_file.register
def _(question: Choice, raw: Any, directory: Directory | None = None) -> Plain:
    given = raw if isinstance(raw, dict) else {"option": raw}
    chosen = given.get("option")
    chosen = {True: "true", False: "false"}.get(chosen, chosen) if isinstance(chosen, bool) else chosen
    plain: dict[str, Any] = {"option": str(chosen)}
    return _from_file(question, plain, given, "option", [str(chosen)])


@acts.say.register
def _(question: Choice, plain: Plain, names: Names, locale: str = "en") -> str:
    if not isinstance(plain, dict):
        return str(plain)
    return _say_option(question, plain["option"], plain, locale)


@acts.posted.register
def _(question: Choice, plain: Plain, name: str) -> dict[str, list[str]]:
    given = acts.parts(plain)
    return {name: [given.get("option", "")], f"{name}.other": [given.get("other", "")]}


@acts.ask.register
def _(question: Choice) -> str:
    return translated("Choose one answer")


@acts.read.register
def _(question: Choices, raw: Raw, name: str, directory: Directory | None = None) -> Plain | None:
    chosen = [acts.normalise(key) for key in raw.get(name, ()) if key]
    own, other = _own_words(raw, name), question.other_option()
    if own and other is not None and other.key not in chosen:
        chosen.append(other.key)  # words were written without the box beside them: they are meant
    if not chosen:
        return None
    plain: dict[str, Any] = {"options": in_order(question, chosen)}
    return {**plain, "other": own} if own and other is not None else plain


@acts.check.register
def _(question: Choices, plain: Plain, directory: Directory | None = None) -> list[str]:
    chosen = plain.get("options") if isinstance(plain, dict) else None
    if not isinstance(plain, dict) or not isinstance(chosen, list) or not chosen:
        return [acts.ask(question)]
    if any(not isinstance(key, str) or question.option(key) is None for key in chosen):
        return [translated("Choose from the list")]
    sentences = _check_other(question, chosen, plain)
    if question.max_choices is not None and len(chosen) > question.max_choices:
        sentences.append(
            translated(
                "Choose at most %(most)s; %(count)s are chosen", most=question.max_choices, count=len(chosen)
            )
        )
    for key in chosen:
        if key in question.exclusive and len(chosen) > 1:
            option = question.option(key)
            sentences.append(
                translated("Choose “%(alone)s” alone, or not at all", alone=option and option.text)
            )
    return sentences


@acts.from_file.register
def _(question: Choices, raw: Any, directory: Directory | None = None) -> Plain:
    given = raw if isinstance(raw, dict) else {"options": raw}
    listed = given.get("options")
    if not isinstance(listed, list) or not listed:
        raise ValueSentence([translated("Give a list of options")])
    chosen = [str(key) for key in listed]
    return _from_file(question, {"options": in_order(question, chosen)}, given, "options", chosen)


@acts.say.register
def _(question: Choices, plain: Plain, names: Names, locale: str = "en") -> str:
    if not isinstance(plain, dict):
        return str(plain)
    chosen = list(plain["options"])
    if question.alphabetical:
        order = [option.key for option in question.offered(locale)]
        chosen.sort(key=lambda key: order.index(key) if key in order else len(order))
    return "; ".join(_say_option(question, key, plain, locale) for key in chosen)


@acts.posted.register
def _(question: Choices, plain: Plain, name: str) -> dict[str, list[str]]:
    given = acts.parts(plain)
    return {name: list(given.get("options", ())), f"{name}.other": [given.get("other", "")]}


@acts.ask.register
def _(question: Choices) -> str:
    return translated("Choose at least one answer")


def in_order(question: ClosedQuestion, chosen: list[str]) -> list[str]:
    """Return the keys chosen once each, in the order of the definition; unknown ones last, for `check` to
    refuse."""
    known = [option.key for option in question.options if option.key in chosen]
    return known + [key for key in dict.fromkeys(chosen) if key not in known]


def _own_words(raw: Raw, name: str) -> str:
    words = acts.typed(raw, f"{name}.other")
    return words if words.strip() else ""


def _check_other(question: ClosedQuestion, chosen: list[str], plain: dict[str, Any]) -> list[str]:
    other, own = question.other_option(), plain.get("other", "")
    if other is None or other.key not in chosen:
        return []
    if not isinstance(own, str) or not own.strip():
        return [translated("Say in words what “%(option)s” is", option=other.text)]
    return too_long(own, MAX_OTHER, None)


def _say_option(question: ClosedQuestion, key: str, plain: dict[str, Any], locale: str) -> str:
    option = question.option(key)
    if option is None:
        return key
    words = option.text.in_locale(locale)
    return f"{words}: {plain['other']}" if option.specify and plain.get("other") else words


def _from_file(
    question: Choice | Choices, plain: dict[str, Any], given: dict[str, Any], word: str, chosen: list[str]
) -> dict[str, Any]:
    unknown = [key for key in chosen if question.option(key) is None]
    if unknown:
        keys = ", ".join(option.key for option in question.options)
        raise ValueSentence(
            [
                translated(
                    "There is no option “%(key)s”; the options are %(keys)s", key=unknown[0][:80], keys=keys
                )
            ]
        )
    if left := sorted(set(given) - {word, "other"}):
        raise ValueSentence([translated("“%(key)s” cannot stand here", key=str(left[0])[:80])])
    other = question.other_option()
    if given.get("other"):
        if other is None or other.key not in chosen:
            raise ValueSentence([translated("“other” has words, but is not chosen")])
        plain["other"] = acts.normalise(str(given["other"]))
    if sentences := acts.check(question, plain):
        raise ValueSentence(sentences)
    return plain
