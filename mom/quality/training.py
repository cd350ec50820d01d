"""Models of quality made anew each day, every version kept with what it was judged by."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mom.database.access import Store
from mom.models import QualityModel, Site
from mom.quality.drivers import Model, model_of
from mom.quality.learning import Response, responses_of
from mom.store.plants import layout_of

EVERY = timedelta(days=1)
AGAIN = timedelta(minutes=30)
"""A site that had nothing to learn from is looked at again."""
LOCK = 0x514D


class Training:
    """Trains one site at a time when its models are a day old. Several processes may be at it."""

    def __init__(self) -> None:
        self._looked: dict[int, datetime] = {}

    async def step(self, store: Store, now: datetime) -> bool:
        async with store.read() as session:
            site_id = await self._due(session, now)
        if site_id is None:
            return False
        self._looked[site_id] = now
        await train(store, site_id, now)
        return True

    async def _due(self, session: AsyncSession, now: datetime) -> int | None:
        row = QualityModel
        made = select(row.site_id, func.max(row.made_at)).group_by(row.site_id)
        last: dict[int, datetime] = {row[0]: row[1] for row in (await session.execute(made)).all()}
        for site in await session.scalars(select(Site.id).order_by(Site.id)):
            looked = self._looked.get(site)
            old = site not in last or now - last[site] >= EVERY
            if old and (looked is None or now - looked >= AGAIN):
                return site
        return None


async def train(store: Store, site_id: int, now: datetime) -> int:
    """Learn every response of a site anew; how many models were made. The work is done in a thread."""
    async with store.read() as session:
        responses = await responses_of(session, await layout_of(session, site_id), now)
    models = await asyncio.to_thread(_learned, responses)
    async with store.write.begin() as session:
        if not await session.scalar(select(func.pg_try_advisory_xact_lock(LOCK, site_id))):
            return 0
        for response, model in zip(responses, models, strict=True):
            await _keep(session, site_id, response, model, now)
    return len(models)


def _learned(responses: Sequence[Response]) -> list[Model]:
    return [model_of(response.rows) for response in responses]


async def _keep(session: AsyncSession, site_id: int, response: Response, model: Model, now: datetime) -> None:
    row = QualityModel
    current = update(row).where(row.site_id == site_id, row.equipment == response.equipment)
    await session.execute(
        current.where(row.response == response.name, row.superseded_at.is_(None)).values(superseded_at=now)
    )
    body = asdict(model)
    for known in ("rows", "start", "split", "end", "told", "skill", "low", "high"):
        body.pop(known)
    session.add(
        QualityModel(
            site_id=site_id, equipment=response.equipment, response=response.name, unit=response.unit, made_at=now,
            rows=model.rows, started_at=model.start, split_at=model.split, ended_at=model.end, told=model.told,
            skill=model.skill, low=model.low, high=model.high, body=body,
        )
    )  # fmt: skip
    await session.flush()
