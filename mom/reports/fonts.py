"""The font that reports are set in."""

from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def folder() -> Path:
    """Where its files lie."""
    return Path(str(files("font_source_sans_pro") / "files"))
