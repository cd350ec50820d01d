"""What a case asks and expects, and what a run of it showed."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Action = Literal["maintenance_order", "schedule_change", "improvement_task"]


class Asked(BaseModel):
    """A question. `before`: questions of the same conversation that were asked first."""

    model_config = ConfigDict(extra="forbid")
    question: str
    before: list[str] = []


class Wanted(BaseModel):
    """A figure that the answer has to say, recomputed from the store's rows (evals/chat/truth.py), in the window of these words."""

    model_config = ConfigDict(extra="forbid")
    figure: str
    equipment: str
    when: str


class Expect(BaseModel):
    """What a right run shows. `tools`: each of them is called. `mentions`: words of the answer; `never`: words that are not in it."""

    model_config = ConfigDict(extra="forbid")
    tools: list[str] = []
    about: list[str] = []  # paths below the site that are understood
    window: str | None = None  # words for the window that is understood
    figures: list[Wanted] = []
    mentions: list[str] = []
    never: list[str] = []
    refuses: bool = False
    proposes: Action | None = None


class Shown(BaseModel):
    """A run, as evaluators see it."""

    text: str
    status: str
    tools: list[str]
    understood: list[tuple[str, str]]
    proposals: list[str]  # actions
    unsupported: list[str]
    blocks: list[str]
    truths: dict[str, str | None] = {}  # figure -> how it has to be said
    window: str | None = None  # start/end of the expected window

    @property
    def paths(self) -> list[str]:
        return [value for name, value in self.understood if name == "equipment"]


Row = dict[str, Any]
