"""Small wordings of documents."""

import pytest

from app.exports.wording import known_day


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("2019", "2019"),
        ("2019-05", "May 2019"),
        ("2019-05-03", "3 May 2019"),
        ("2019-02-30", "2019-02-30"),
    ],
)
def test_no_more_is_said_of_a_day_than_is_known(known: str, said: str) -> None:
    assert known_day(known, "en") == said
