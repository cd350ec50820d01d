"""One thing that `doctor` found."""

from dataclasses import dataclass
from typing import Literal

from mom.errors import LinesideError


@dataclass(frozen=True, slots=True)
class Finding:
    """`state`: ok, fault, or off (not set up, and nothing is wrong with that)."""

    check: str
    state: Literal["ok", "fault", "off"]
    said: str
    remedy: str = ""


def fault(check: str, error: Exception, remedy: str = "") -> Finding:
    if isinstance(error, LinesideError):
        return Finding(check, "fault", str(error.args[0]), error.remedy or remedy)
    said = str(error).strip() or type(error).__name__
    return Finding(check, "fault", said, remedy)
