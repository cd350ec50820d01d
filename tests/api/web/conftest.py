"""A web process on loopback over a store of its own, with a small plant and people of every role."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn

from api.app import create_app
from api.web.bundle import stamp, stamp_file
from mom import clock
from mom.accounts.links import make_link
from mom.accounts.users import add_user
from mom.database.access import Store
from mom.models import User
from mom.plant.apply import apply_plant
from mom.plant.load import load_plant
from mom.settings import Settings

PLANT = """
site: {id: works, name: The Works}
time_zone: Europe/Vienna
calendar:
  shifts:
    - {name: early, start: "06:00", end: "14:00"}
    - {name: late, start: "14:00", end: "22:00"}
    - {name: night, start: "22:00", end: "06:00"}
equipment:
  - id: line-1
    name: Line 1
    constraint: filler
    units:
      - {id: filler, name: Filler, level: work_unit, ideal_rate: 60}
      - {id: capper, name: Capper, level: work_unit, ideal_rate: 70}
approvals:
  maintenance_order: {roles: [supervisor], four_eyes_above: 1000, expires_after: 24h}
systems:
  - {id: erp, kind: erp, mapping: none.yaml}
"""
ROLES = ("operator", "supervisor", "maintenance", "planner", "quality", "manager", "admin")


@dataclass
class Web:
    """`client(role)` is signed in; `client(None)` is nobody."""

    url: str
    store: Store
    home: Path
    site_id: int
    users: dict[str, int]
    client: Callable[[str | None], Awaitable[httpx.AsyncClient]]


def _no_charts(home: Path) -> None:
    """The chart library is not made for each test: it takes seconds, and no test here draws."""
    (home / "web").mkdir()
    stamp_file(home).write_text(stamp())


@pytest.fixture
async def web(database: Store, tmp_path: Path, free_port: int) -> AsyncIterator[Web]:
    (tmp_path / "plant.yaml").write_text(PLANT)
    (tmp_path / "none.yaml").touch()
    async with database.write.begin() as session:
        site_id = (await apply_plant(session, load_plant(tmp_path / "plant.yaml"))).site_id
        users = {role: (await add_user(session, role, [role], now=clock.now())).id for role in ROLES}
    settings = Settings(LINESIDE_HOME=tmp_path, LINESIDE_PORT=free_port, LINESIDE_PLANT=tmp_path / "plant.yaml")
    _no_charts(tmp_path)
    server = uvicorn.Server(uvicorn.Config(create_app(settings, database), port=free_port, log_level="warning"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    url, clients = f"http://127.0.0.1:{free_port}", []

    async def client(role: str | None) -> httpx.AsyncClient:
        made = httpx.AsyncClient(base_url=url, headers={"origin": url}, timeout=30)
        clients.append(made)
        if role is not None:
            async with database.write.begin() as session:
                user = await session.get(User, users[role])
                assert user
                token = await make_link(session, user, clock.now())
            assert (await made.get("/sign-in", params={"token": token})).status_code == 303
        return made

    try:
        yield Web(url, database, tmp_path, site_id, users, client)
    finally:
        for made in clients:
            await made.aclose()
        server.should_exit = True
        await running
