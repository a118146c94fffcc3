"""Text in a cell of a CSV file that no spreadsheet takes for a formula, and back."""

import re

FORMULA = re.compile(r"'*[=+@\t\r-]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def guarded(cell: str) -> str:
    """The cell as an export writes it, so that no spreadsheet takes it for a formula; `unguarded` undoes
    it.
    """
    return f"'{cell}" if FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """The cell without the apostrophe that an export puts before what a spreadsheet would take for a
    formula.
    """
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell
