"""A description as one HTML file: no script, nothing fetched. For an e-mail without pictures, which few show."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mom.blocks import ChartBlock, TableBlock
from mom.reports.charts import svg
from mom.reports.description import Description, Paragraph, Tiles, shown

KINDS: dict[type, str] = {Paragraph: "paragraph", Tiles: "tiles", TableBlock: "table", ChartBlock: "chart"}


def html_of(description: Description, *, pictures: bool = True) -> str:
    """`pictures=False`: charts are told in words."""
    made: str = _template().render(report=description, kind=_kind, shown=shown, svg=_picture if pictures else _none)
    return made


@cache
def _template() -> Any:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("report.html.jinja")


def _kind(part: object) -> str:
    return KINDS[type(part)]


def _picture(chart: ChartBlock) -> Markup:
    return Markup(svg(chart))  # made by our own code; texts in it are escaped by Vega


def _none(_: ChartBlock) -> str:
    return ""
