"""The API, described: OpenAPI for programs, a plain page for people."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.door import CallerNow, StoreNow
from api.web.show import frame, show

router = APIRouter(include_in_schema=False)


@router.get("/api/v1/openapi.json")
async def openapi(request: Request) -> dict[str, Any]:
    description: dict[str, Any] = request.app.openapi()
    return description


@router.get("/docs")
async def docs(request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    async with store.read() as session:
        around = await frame(session, caller)
    return show(request, "docs.html", page="docs", calls=_calls(request.app.openapi()), **around)


def _calls(description: dict[str, Any]) -> list[dict[str, Any]]:
    """One entry a method and path, with its parameters and what it says of itself."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "text": call.get("description") or call.get("summary", ""),
            "parameters": [p["name"] for p in call.get("parameters", [])],
            "body": "requestBody" in call,
        }
        for path, methods in sorted(description["paths"].items())
        for method, call in methods.items()
    ]
