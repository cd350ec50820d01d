"""The block `quality` of a plant file."""

from typing import Annotated

from pydantic import Field

from mom.plant.block import Block


class Quality(Block):
    """How control charts are read: Nelson's rules that are on (mom/quality/rules.py says how often each set is wrong)."""

    rules: tuple[Annotated[int, Field(ge=1, le=8)], ...] = (1, 2, 5)
