"""The repository speaks of itself only: no machine, no package index, no address of where it was made."""

import re

from tests.contract.sources import short, texts

# Each with one letter in brackets, so that this file does not find itself.
MACHINE = re.compile(
    "|".join([r"(?<![\w.])/roo[t]/", r"(?<![\w.])/wor[k]/", r"(?<![\w./])/hom[e]/\w", r"[A-Z]:\\User[s]\\"])
)
INDEX = re.compile(
    "|".join(
        [
            r"pyp[i]\.(?:org|python)",
            r"pythonhoste[d]",
            r"npmj[s]\.(?:org|com)",
            r"artifactor[y]",
            r"--(?:extra-)?index-ur[l]",
            r"--trusted-hos[t]",
            r"//[\w.-]+(?::\d+)?/(?:[\w.-]+/)*simpl[e]\b",
        ]
    )
)
NUMBERED = re.compile(r"\bissu[e]\s+#?\d+", re.IGNORECASE)
CONFLICT = re.compile(r"^(<{7} |>{7} ).*$", re.MULTILINE)
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVAT[E] KEY-----|\bAKI[A][0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}")


def _holding(pattern: re.Pattern[str]) -> list[str]:
    return [f"{short(path)}: {match.group()}" for path, text in texts() for match in pattern.finditer(text)]


def test_no_path_of_a_machine() -> None:
    assert _holding(MACHINE) == []


def test_no_package_index() -> None:
    assert _holding(INDEX) == []


def test_no_number_that_only_its_makers_understand() -> None:
    assert _holding(NUMBERED) == []


def test_no_conflict_is_left_unresolved() -> None:
    assert _holding(CONFLICT) == []


def test_no_secret() -> None:
    assert _holding(PRIVATE_KEY) == []
