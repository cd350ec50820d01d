"""What an agent gives back, and what is stored of it."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from mom.blocks import Block


class Citation(BaseModel):
    """`[n]` in the text stands for the row `ref` (`stop:12`), whose rows are at `/api/v1/rows/{ref}`."""

    model_config = ConfigDict(frozen=True)
    n: int
    ref: str
    text: str = ""


class Understood(BaseModel):
    """One thing that the question was taken to mean, shown on top of the answer; a person can change it."""

    model_config = ConfigDict(frozen=True)
    name: str  # equipment, window, product, order, crew
    value: str  # a path, an ISO interval start/end, an id
    title: str  # as a person reads it: "Line 2"; "late shift, yesterday 14:00 to 22:00"


class Checked(BaseModel):
    """Numbers of the text: how many were looked at, and those that no tool returned (start, end in the text)."""

    model_config = ConfigDict(frozen=True)
    numbers: int = 0
    unsupported: tuple[tuple[int, int], ...] = ()


class Answer(BaseModel):
    """`text` is Markdown: paragraphs, lists, bold, `[n]` for citations; the page renders and cleans it."""

    model_config = ConfigDict(frozen=True)
    run_id: str
    agent: str
    model: str
    status: Literal["done", "stopped", "failed"] = "done"
    text: str
    blocks: tuple[Block, ...] = ()
    citations: tuple[Citation, ...] = ()
    understood: tuple[Understood, ...] = ()
    follow_ups: tuple[str, ...] = ()
    checked: Checked = Checked()
    note: str = ""  # what a reader must know: stopped at a limit, answered without the model

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")
