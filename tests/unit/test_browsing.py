"""The page inspector finds what it is there to find."""

import pytest

from tests.browsing import Page

SOUND = """<!doctype html>
<html lang="en" dir="ltr"><head><title>A page – Rapporteur</title></head>
<body><main><h1>A page</h1>{}</main></body></html>"""


def test_a_sound_page_passes() -> None:
    page = Page(SOUND.format('<label for="a">Year</label><input id="a" name="year" value="2017">'))
    assert page.heading == "A page"
    assert page.control("Year").get("value") == "2017"


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<p><div></div></p>", "not strict HTML"),
        ("<h1>Another</h1>", "2 headings of the first level"),
        ('<p id="a"></p><p id="a"></p>', "the id 'a' stands 2 times"),
        ('<input name="year">', "the control 'year' has no label"),
        ('<p aria-describedby="hint"></p>', "points to 'hint', which is not there"),
        ('<a href="#note">1</a>', "points to '#note', which is not there"),
        ('<form method="post" action="/x"></form>', "carries no token"),
        ('<p style="color:red"></p>', "inline style or handler"),
        ("<script>1</script>", "a script stands in the page"),
        ('<script src="a.js"></script><script src="b.js"></script>', "the page loads several scripts"),
        ("<button></button>", "a <button> has no words"),
        (
            '<input type="radio" name="r" id="r"><label for="r">R</label>',
            "stand in no fieldset with a legend",
        ),
    ],
)
def test_each_fault_is_found(html: str, fault: str) -> None:
    with pytest.raises(AssertionError, match=fault.replace("(", r"\(")):
        Page(SOUND.format(html))


def test_title_and_language_are_looked_at() -> None:
    html = SOUND.format("").replace("<title>A page", "<title>Rapporteur").replace(' dir="ltr"', "")
    with pytest.raises(AssertionError) as caught:
        Page(html)
    assert "does not say its language and direction" in str(caught.value)
    assert "does not begin with the heading" in str(caught.value)
