"""From stored readings and results to a model: learned once a day, every version kept, told to who asks."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from mom.database.access import Store
from mom.models import InspectionResult, QualityModel, SignalMean, Tag
from mom.plant.apply import apply_plant
from mom.plant.schema import Plant
from mom.quality.explained import explained
from mom.quality.training import EVERY, Training, train
from mom.store.quality import models_of

TAGS = [
    {"id": "capper.torque", "address": "holding:0", "equipment": "line/capper", "unit": "Nm", "name": "application torque"},
    {"id": "filler.level", "address": "holding:1", "equipment": "line/filler", "unit": "mm", "name": "fill level"},
]  # fmt: skip
HOURS, SEED = 30 * 24, 17


@pytest.fixture
async def site(database: Store, now: datetime, plant: dict[str, Any]) -> int:
    """Thirty days: below 1.7 Nm caps come off easily, whatever the fill level does; brix hangs on nothing."""
    draw = np.random.default_rng(SEED)
    print(f"seed {SEED}")
    async with database.write.begin() as session:
        plant["connectors"] = [{"id": "plc", "protocol": "modbus", "tags": TAGS}]
        site_id = (await apply_plant(session, Plant.model_validate(plant))).site_id
        tags = {tag.name: tag.id for tag in await session.scalars(select(Tag))}
        torque, level = 1.8 + 0.1 * np.sin(np.arange(HOURS) / 11), draw.normal(40, 1, HOURS)
        for n in range(HOURS):
            at = now - timedelta(hours=HOURS - n)
            for tag, value in ((tags["capper.torque"], torque[n]), (tags["filler.level"], level[n])):
                shown = {name: float(value) for name in ("mean", "low", "high", "first", "last", "running_mean")}
                session.add(SignalMean(tag_id=tag, at=at, n=5, running_n=5, running_spread=0.0, **shown))
            if n % 2:
                opening = draw.normal(1.25 if torque[n] < 1.75 else 1.47, 0.05)
                for name, value in (("opening torque", opening), ("brix", draw.normal(11.2, 0.1))):
                    session.add(InspectionResult(
                        site_id=site_id, source="lims", key=f"{name}-{n}", equipment="line/capper", product="A", characteristic=name,
                        value=float(value), unit="Nm" if name != "brix" else "°Bx", at=at + timedelta(minutes=40),
                    ))  # fmt: skip
    return site_id


async def test_learned_from_the_store(database: Store, site: int, now: datetime) -> None:
    assert await train(database, site, now) == 2
    async with database.read() as session:
        told, silent = await models_of(session, site, "works")
    assert told.response == "opening torque" and told.told and told.skill > 0.5
    assert told.started_at and told.split_at and told.ended_at and told.started_at < told.split_at < told.ended_at
    words = explained(told, "Capper")
    assert words["parameter"] == "application torque at Capper" and "below 1.7" in words["said"]
    assert words["driver"]["low"] <= -0.22 + 0.02 and words["driver"]["high"] < 0
    assert silent.response == "brix" and not silent.told
    assert "No parameter explains it" in explained(silent, "Capper")["said"]


async def test_once_a_day_and_every_version_is_kept(database: Store, site: int, now: datetime) -> None:
    training = Training()
    assert await training.step(database, now) and not await training.step(database, now + EVERY / 2)
    assert await training.step(database, now + EVERY)
    async with database.read() as session:
        versions = list(await session.scalars(select(QualityModel).order_by(QualityModel.id)))
    assert len(versions) == 4 and [v.superseded_at is None for v in versions] == [False, False, True, True]


async def test_nothing_to_learn_from_is_no_fault(database: Store, now: datetime, plant: dict[str, Any]) -> None:
    async with database.write.begin() as session:
        plant["connectors"] = [{"id": "plc", "protocol": "modbus", "tags": TAGS}]
        site_id = (await apply_plant(session, Plant.model_validate(plant))).site_id
    assert await train(database, site_id, now) == 0
