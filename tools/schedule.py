"""Where an order could go: whole plans, computed, with their differences."""

from typing import Annotated

from pydantic import Field

from mom.errors import Unavailable
from tools.scope import Where
from tools.tool import Context, Result, tool


@tool(doing="Trying other plans")
async def get_schedule_options(
    context: Context,
    order: Annotated[str, Field(description="The number of the order that should move.")],
    line: Where = None,
) -> Result:
    """Other plans in which an order gets another place: each with what moves, what gets earlier and what later. `moves` of an option can be
    proposed as they are. `line`: where it should go; none: wherever it is best."""
    raise Unavailable("Plans cannot be computed yet.")
