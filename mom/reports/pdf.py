"""A description as PDF, set by Typst. Every value goes in as data, none into the source."""

import json
import threading
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from mom.blocks import ChartBlock, TableBlock
from mom.reports.charts import svg
from mom.reports.description import Description, Paragraph, Part, Tiles, shown
from mom.reports.fonts import folder

SOURCE = Path(__file__).with_name("report.typ")
_one_at_a_time = threading.Lock()


def pdf_of(description: Description) -> bytes:
    """A4. The first page takes 0.2 s, the next ones some ms."""
    data = {
        "title": description.title,
        "site": description.site,
        "period": description.period,
        "made": description.made,
        "answer": description.answer,
        "language": description.language,
        "sections": [
            {"title": s.title, "new_page": s.new_page, "parts": [_part(part) for part in s.parts]}
            for s in description.sections
        ],
    }
    with _one_at_a_time:
        made = _compiler().compile(format="pdf", sys_inputs={"report": json.dumps(data)})
    return bytes(made)


@cache
def _compiler() -> Any:
    typst: Any = import_module("typst")

    return typst.Compiler(SOURCE, root=SOURCE.parent, font_paths=[str(folder())], ignore_system_fonts=True)


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Paragraph):
        return {"kind": "paragraph", "text": part.text, "quiet": part.quiet}
    if isinstance(part, Tiles):
        tiles = [{"title": t.title, "value": t.value, "remark": t.remark, "coverage": t.coverage} for t in part.tiles]
        return {"kind": "tiles", "tiles": tiles}
    if isinstance(part, ChartBlock):
        return {"kind": "chart", "title": part.title, "text": part.text, "svg": svg(part)}
    return _table(part)


def _table(block: TableBlock) -> dict[str, Any]:
    rows = [[shown(row.get(column.key)) for column in block.columns] for row in block.rows]
    widest = [max((len(row[i]) for row in rows), default=0) for i in range(len(block.columns))]
    columns = [
        {
            "title": f"{column.title} ({column.unit})" if column.unit else column.title,
            "numeric": column.numeric,
            "wide": widest[i] == max(widest),
        }
        for i, column in enumerate(block.columns)
    ]
    return {"kind": "table", "title": block.title, "columns": columns, "rows": rows, "empty": block.empty}
