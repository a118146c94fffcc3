"""The one form in which an answer is stored, compared, imported and cited: plain JSON."""

from typing import Any, TypeAlias

Plain: TypeAlias = str | int | float | dict[str, Any]
"""Text, number, date as text, or a mapping (`option`, `options`, `codes`, each with `other`), by kind of
question."""
