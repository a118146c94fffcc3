"""Drawing once with gaps and filling them gives what drawing at once gives."""

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import escape

from app.web.respond.skeletons import Filled, Gaps, cut, fill

TEMPLATE = Environment(autoescape=True).from_string(
    '<p{{ d.hidden }}>{{ text }} {{ d.value }}</p>{% for key in "ab" %}<i{{ d.chosen(key) }}>{% endfor %}'
)


def drawn(text: str, d: Gaps | Filled) -> str:
    return TEMPLATE.render(text=text, d=d)


@given(st.text(max_size=20), st.text(max_size=20), st.booleans(), st.sampled_from(["", "a", "b", "c"]))
def test_a_filled_skeleton_is_what_the_template_draws(text: str, value: str, hidden: bool, key: str) -> None:
    text = text.replace("\ue000", "").replace("\ue001", "")
    values = {"hidden": " hidden" if hidden else "", "value": str(escape(value)), f"chosen:{key}": " checked"}
    assert fill(cut(drawn(text, Gaps())), values).decode() == drawn(text, Filled(values))


def test_a_gap_in_a_typed_text_is_only_text() -> None:
    values = {"hidden": "", "value": "\ue000hidden\ue001"}
    assert "\ue000hidden\ue001" in fill(cut(drawn("x", Gaps())), values).decode()
