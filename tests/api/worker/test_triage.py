"""Which losses the triage looks into by itself: what begins or goes on live, not what was loaded as past."""

from datetime import timedelta
from decimal import Decimal

import pytest

from api.loops import FRESH, untriaged
from mom.models import Event, Loss


@pytest.mark.parametrize(
    ("kind", "ago", "status", "looked_into"),
    [
        ("loss.opened", timedelta(minutes=1), "new", True),
        ("loss.updated", timedelta(minutes=1), "new", True),
        ("loss.updated", timedelta(minutes=1), "explained", False),
        ("loss.closed", timedelta(minutes=1), "new", False),
        ("loss.opened", FRESH + timedelta(minutes=1), "new", False),
        (None, timedelta(0), "new", False),
    ],
)
async def test_what_opened_or_went_on_a_short_while_ago(jobs, kind, ago, status, looked_into):
    began = jobs.now - timedelta(days=9)
    async with jobs.store.write.begin() as session:
        row = Loss(
            site_id=1, equipment_id=1, rule="minor_stops", kind="minor_stops", key="capper:jam", title="cap jam",
            reason="jam", started_at=began, found_at=began, updated_at=began, status=status, money=Decimal(5),
        )  # fmt: skip
        session.add(row)
        await session.flush()
        found = row.id
        if kind is not None:
            session.add(Event(site_id=1, kind=kind, subject=f"loss:{row.id}", at=jobs.now - ago, body={}))
    async with jobs.store.read() as session:
        assert await untriaged(session, jobs.now) == ([found] if looked_into else [])
