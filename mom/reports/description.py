"""What a report says, before it has a form: HTML, PDF and e-mail are made of the same description."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mom.blocks import ChartBlock, TableBlock


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    quiet: bool = False  # a remark, not the answer


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure for a reader in a hurry: its words, what it is compared with, and how much of the window was seen."""

    title: str
    value: str
    remark: str = ""
    coverage: float = 1.0


@dataclass(frozen=True, slots=True)
class Tiles:
    tiles: tuple[Tile, ...]


Part = Paragraph | Tiles | TableBlock | ChartBlock


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    parts: tuple[Part, ...]
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """`answer`: the report in one or two sentences. `period` and `made` are said in plant time in the footer."""

    title: str
    site: str
    period: str
    made: str
    answer: str
    sections: tuple[Section, ...]
    language: str = "en"

    def as_text(self) -> str:
        """For an e-mail without HTML."""
        lines = [self.title, self.period, "", self.answer]
        for section in self.sections:
            lines += ["", section.title]
            for part in section.parts:
                lines += _words(part)
        return "\n".join([*lines, "", f"{self.site}, made {self.made}"])


def _words(part: Part) -> list[str]:
    if isinstance(part, Paragraph):
        return [part.text]
    if isinstance(part, Tiles):
        return [f"{tile.title}: {tile.value}{f' ({tile.remark})' if tile.remark else ''}" for tile in part.tiles]
    if isinstance(part, ChartBlock):
        return [part.text]
    if not part.rows:
        return [part.empty]
    return ["- " + ", ".join(shown(row.get(column.key)) for column in part.columns) for row in part.rows]


def shown(cell: Any) -> str:
    """A cell as a person reads it."""
    if cell is None:
        return "—"
    return f"{cell:,}" if isinstance(cell, int | float) and not isinstance(cell, bool) else str(cell)


def day_and_time(at: datetime, zone: ZoneInfo) -> str:
    """`Sun 22 Nov 2026 14:00`."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"
