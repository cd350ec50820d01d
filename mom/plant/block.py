"""A block of a plant file or mapping: what it may say is named, anything else is refused."""

from pydantic import BaseModel, ConfigDict


class Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
