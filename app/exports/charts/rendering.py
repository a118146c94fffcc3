"""Vega-Lite and PNG without a browser and without a network (vl-convert), loaded when first used: it weighs
some 98 MB.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parents[1] / "fonts"


@cache
def _converter() -> Any:
    """The library, with the fonts that documents are set in, so that every machine draws the same."""
    loaded = import_module("vl_convert")
    loaded.register_font_directory(str(FONTS))
    return loaded


def svg(spec: dict[str, Any]) -> str:
    """A Vega-Lite specification as SVG."""
    drawn: str = _converter().vegalite_to_svg(spec)
    return drawn


def png(drawing: str, scale: float = 2) -> bytes:
    """An SVG as PNG, for documents that take no SVG."""
    drawn: bytes = _converter().svg_to_png(drawing, scale=scale)
    return drawn
