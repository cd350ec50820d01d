"""The doors of the simulated systems: signed webhooks in, plain lists out, on loopback."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.servers.counts import Counts
from simulator.systems.cmms import Cmms
from simulator.systems.erp import Erp
from simulator.systems.inbox import NotTrusted

LONGEST_DOWN = 600.0


class Outage:
    """A system that is down until a moment of the event loop's clock."""

    def __init__(self, time: Callable[[], float]) -> None:
        self._time, self._until = time, 0.0

    def begin(self, seconds: float) -> None:
        self._until = self._time() + min(seconds, LONGEST_DOWN)

    @property
    def lasts(self) -> bool:
        return self._time() < self._until


def application(cmms: Cmms, erp: Erp, counts: Counts, time: Callable[[], float]) -> Starlette:
    """The HTTP application. `POST /SYSTEM/down?seconds=60` lets a system answer 503 for a while (for tests)."""
    systems: dict[str, Cmms | Erp] = {"cmms": cmms, "erp": erp}
    outages = {name: Outage(time) for name in systems}

    async def webhook(request: Request) -> Response:
        system = systems[request.path_params["system"]]
        try:
            message = system.inbox.take(await request.body(), request.headers)
        except NotTrusted as error:
            return JSONResponse({"error": f"not trusted: {error}"}, 401)
        if message is not None:
            system.take(message)
        return JSONResponse({"taken": True, "repeated": message is None})

    async def down(request: Request) -> Response:
        outages[request.path_params["system"]].begin(float(request.query_params.get("seconds", "60")))
        return Response(status_code=204)

    def guarded(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            name = request.path_params["system"]
            if name not in systems:
                return JSONResponse({"error": f"no system {name}"}, 404)
            if outages[name].lasts:
                return JSONResponse({"error": f"{name} is down"}, 503)
            return await handler(request)

        return answer

    async def listed(request: Request) -> Response:
        lists: dict[str, Callable[[], Any]] = {
            "/cmms/orders": cmms.orders,
            "/erp/schedule-changes": erp.schedule_changes,
            "/counts": counts.as_dict,
            "/healthz": lambda: {"alive": True},
        }
        return JSONResponse(lists[request.url.path]())

    return Starlette(
        routes=[
            Route("/{system}/webhooks", guarded(webhook), methods=["POST"]),
            Route("/{system}/down", down, methods=["POST"]),
            *(Route(path, listed) for path in ("/cmms/orders", "/erp/schedule-changes", "/counts", "/healthz")),
        ]
    )
