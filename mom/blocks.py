"""The closed set of what an answer, page or report may show beside text. Code makes them; a model never does."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Cell = str | int | float | None


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class FigureBlock(_Block):
    """One figure, as `Figure.as_json` gives it."""

    type: Literal["figure"] = "figure"
    figure: dict[str, Any]


class Column(_Block):
    key: str
    title: str
    unit: str = ""
    numeric: bool = False


class TableBlock(_Block):
    """Rows of plain cells. `refs[i]` names the row in the store that row i tells of (`stop:12`)."""

    type: Literal["table"] = "table"
    title: str
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Cell], ...]
    refs: tuple[str | None, ...] = ()
    source: str = ""  # path under /api/v1 that returns the rows
    empty: str = ""  # what to say when there are none


class ChartBlock(_Block):
    """A Vega-Lite specification that our code wrote, with the same told in words."""

    type: Literal["chart"] = "chart"
    title: str
    spec: dict[str, Any]
    text: str
    source: str = ""


class Band(_Block):
    """One stretch on a timeline. `kind`: a class of the time model (mom.history.classes.TimeClass)."""

    start: datetime
    end: datetime
    kind: str
    label: str
    ref: str | None = None


class Lane(_Block):
    equipment: str
    name: str
    bands: tuple[Band, ...]


class Mark(_Block):
    at: datetime
    label: str
    ref: str | None = None


class TimelineBlock(_Block):
    """State bands of machines, gaps as `unknown`, marks above."""

    type: Literal["timeline"] = "timeline"
    title: str
    start: datetime
    end: datetime
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...] = ()


class ProposalBlock(_Block):
    """A proposal's card: its id; the page fetches the bytes and their hash."""

    type: Literal["proposal"] = "proposal"
    id: int
    title: str
    status: str


Block = Annotated[FigureBlock | TableBlock | ChartBlock | TimelineBlock | ProposalBlock, Field(discriminator="type")]
