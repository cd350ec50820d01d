"""A small plant with people, a loss and stops to prove it; orders on the schedule, spare parts."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from mom.caller import Caller
from mom.database.access import Store
from mom.models import (
    Base,
    Equipment,
    Loss,
    Person,
    ProductionOrder,
    Proposal,
    ScheduleEntry,
    Site,
    SparePart,
    Stop,
    User,
)
from mom.proposals.propose import propose

PLANT = {
    "site": {"id": "plant", "name": "Plant"},
    "calendar": {"shifts": [{"name": "day", "start": "06:00", "end": "22:00"}]},
    "equipment": [
        {"id": "line-1", "name": "Line 1"},
        {"id": "line-2", "name": "Line 2", "units": [{"id": "capper", "name": "Capper 2", "level": "work_unit"}]},
    ],
    "costs": {"line_hour": {"line-1": "300", "line-2": "270"}, "technician_hour": "60", "late_order_day": "400"},
    "approvals": {
        "maintenance_order": {"roles": ["supervisor", "maintenance"], "four_eyes_above": "500", "expires_after": "24h"},
        "schedule_change": {"roles": ["planner", "supervisor"], "four_eyes_above": "0", "expires_after": "12h"},
        "improvement_task": {"roles": ["supervisor", "manager"], "four_eyes_above": "5000", "expires_after": "7d"},
    },
    "systems": [
        {"id": "erp", "kind": "erp", "name": "ERP", "url": "http://127.0.0.1:9/erp", "allow_private": True},
        {"id": "cmms", "kind": "cmms", "name": "CMMS", "url": "http://127.0.0.1:9/cmms", "allow_private": True},
    ],
}
ROLES = ("operator", "supervisor", "maintenance", "planner", "quality", "manager", "admin")


@dataclass
class Scene:
    """What the tests have to do with."""

    store: Store
    now: datetime
    site_id: int
    loss_id: int
    stop_id: int
    callers: dict[str, Caller] = field(default_factory=dict)

    def caller(self, name: str) -> Caller:
        return self.callers[name]

    def repair(self, **changes: Any) -> dict[str, Any]:
        """The arguments of a proposal that is in order: a repair that costs EUR 240."""
        payload = {
            "title": "Replace the capper chuck",
            "equipment": "line-2/capper",
            "part": "chuck",
            "minutes": 60,
            "parts": [{"part": "CH-100", "quantity": 2}],
        }
        arguments = {
            "caller": self.caller("supervisor"),
            "agent": "maintenance_planner",
            "action": "maintenance_order",
            "payload": payload,
            "rationale": "The chuck is worn: torque has fallen for nine days.",
            "expected_effect": "About 20 min a day fewer jams.",
            "evidence": [f"stop:{self.stop_id}", f"loss:{self.loss_id}"],
            "loss_id": self.loss_id,
            "now": self.now,
        }
        return {**arguments, **changes}

    def moving(self, *moves: tuple[str, str, float, float]) -> dict[str, Any]:
        """What is other when orders move: (order, line, hours from now until it starts, hours that it takes)."""
        listed = [
            {
                "order": order,
                "line": line,
                "starts_at": (self.now + timedelta(hours=start)).isoformat(),
                "ends_at": (self.now + timedelta(hours=start + length)).isoformat(),
            }
            for order, line, start, length in moves
        ]
        payload = {"title": "Move orders", "reason": "Capper 2 is down", "moves": listed}
        return {"action": "schedule_change", "payload": payload, "evidence": [], "loss_id": None}


@pytest.fixture
async def scene(database: Store, now: datetime) -> Scene:
    """Two sites: the plant, and another one whose people must see nothing of it."""
    async with database.write.begin() as session:
        site, other = (
            Site(code="plant", name="Plant", time_zone="Europe/Vienna", plant=PLANT),
            Site(code="other", name="Other", plant=PLANT),
        )
        session.add_all([site, other])
        await session.flush()
        capper, line = await _equipment(session, site.id)
        stop, loss = _trouble(site.id, capper.id, now)
        session.add_all([stop, loss, *_records(site.id, line.id, now)])
        users = {role: User(name=role, roles=[role], site_id=site.id) for role in ROLES}
        users["supervisor2"] = User(name="supervisor2", roles=["supervisor"], site_id=site.id)
        users["stranger"] = User(name="stranger", roles=["supervisor", "admin"], site_id=other.id)
        session.add_all(users.values())
        await session.flush()
        callers = {n: Caller(u.site_id or site.id, u.id, n, frozenset(u.roles)) for n, u in users.items()}
        callers["worker"] = Caller(site.id, None, "worker", frozenset(ROLES))
    return Scene(database, now, site.id, loss.id, stop.id, callers)


async def _equipment(session: AsyncSession, site_id: int) -> tuple[Equipment, Equipment]:
    """Two lines, and the capper of the second."""
    rows = [
        Equipment(
            site_id=site_id,
            path="plant/line-2/capper",
            code="capper",
            name="Capper 2",
            level="work_unit",
            parts=["chuck", "cap chute"],
        ),
        Equipment(site_id=site_id, path="plant/line-2", code="line-2", name="Line 2", level="work_center"),
        Equipment(site_id=site_id, path="plant/line-1", code="line-1", name="Line 1", level="work_center"),
    ]
    session.add_all(rows)
    await session.flush()
    return rows[0], rows[1]


def _trouble(site_id: int, capper: int, now: datetime) -> tuple[Stop, Loss]:
    where = {"site_id": site_id, "equipment_id": capper, "reason": "cap jam"}
    when = {"started_at": now - timedelta(hours=2), "ended_at": now - timedelta(hours=1)}
    cost = {"seconds": 3600, "money": Decimal("420"), "found_at": now, "updated_at": now}
    stop = Stop(state="Held", **where, **when)
    return stop, Loss(
        rule="stop", kind="breakdown", key="stop:1", title="Capper 2 stopped: cap jam", **where, **when, **cost
    )


def _records(site_id: int, line: int, now: datetime) -> Iterator[Base]:
    """Spare parts, a technician, two orders on line 2."""
    yield SparePart(site_id=site_id, source="wms", key="CH-100", name="Chuck", on_hand=3, price=Decimal("90"))
    yield Person(site_id=site_id, source="hr", key="1", name="Ana Kern")
    for number, hours in (("4711", 4), ("4712", 10)):
        start = now + timedelta(hours=hours)
        due = start + timedelta(hours=4)
        yield ProductionOrder(site_id=site_id, source="erp", key=number, product="A", quantity=1000, due_at=due)
        end = start + timedelta(hours=3)
        yield ScheduleEntry(site_id=site_id, plan="erp", equipment_id=line, order=number, starts_at=start, ends_at=end)


@pytest.fixture
def proposed(scene: Scene) -> Callable[..., Awaitable[Proposal]]:
    """Write a proposal and commit it."""

    async def make(**changes: Any) -> Proposal:
        async with scene.store.write.begin() as session:
            return await propose(session, **scene.repair(**changes))

    return make
