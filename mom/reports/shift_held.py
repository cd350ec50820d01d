"""What held each line back in a shift, for the report."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mom.bottleneck.told import told_of
from mom.facts import Window
from mom.store.plants import Layout


async def held_in(
    session: AsyncSession, layout: Layout, lines: Sequence[str], window: Window, now: datetime
) -> Mapping[str, str]:
    """A sentence for each line of which it can be told, by its path."""
    chosen = [line for line in lines if len(layout.stages(line)) > 1]
    found = {line: await told_of(session, layout, line, window, now) for line in chosen}
    return {line: told.sentence for line, told in found.items() if told.data["bottleneck"]}
