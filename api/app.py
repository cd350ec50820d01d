"""The web process: every door of HTTP in one application."""

import reprlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from api.door import admit, wants_page
from api.fanout import listening
from api.headers import SafeHeaders
from api.routes import ROUTERS
from api.web.bundle import bundling
from api.web.page import STATIC, environment
from mom.database.access import Store
from mom.errors import LinesideError
from mom.settings import Settings

log = structlog.get_logger()


def create_app(settings: Settings, store: Store) -> FastAPI:
    """The application on an open store. It starts nothing before its lifespan does."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with bundling(settings.home), listening(store) as fanout:
            app.state.fanout = fanout
            yield

    app = FastAPI(
        title="Lineside", version="1", lifespan=lifespan, docs_url=None, redoc_url=None,
        openapi_url=None, dependencies=[Depends(admit)],
    )  # fmt: skip
    app.state.settings, app.state.store, app.state.pages = settings, store, environment()
    app.state.runs = set()  # answers being made
    app.add_middleware(SafeHeaders)
    app.add_exception_handler(LinesideError, _say_ours)
    app.add_exception_handler(RequestValidationError, _say_invalid)
    app.add_exception_handler(Exception, _say_bug)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", Static(settings.home), name="static")
    return app


class Static(StaticFiles):
    """Our own files, and the chart bundle that was written into the home."""

    def __init__(self, home: Path) -> None:
        super().__init__(directory=STATIC)
        (home / "web").mkdir(parents=True, exist_ok=True)
        self.all_directories = [STATIC, home / "web"]

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


async def _say_ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, LinesideError)
    return _say(request, error.status, type(error).__name__, str(error.args[0]), error.remedy)


async def _say_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    given = first.get("input")
    is_given = first["type"] != "missing" and isinstance(given, str | int | float)
    what = f"{field} is {reprlib.repr(given)}" if is_given else field
    return _say(request, 422, "BadInput", f"{what}: {first['msg']}.", "Correct it and send it again.", field)


async def _say_bug(request: Request, error: Exception) -> Response:
    request_id = request.scope.get("state", {}).get("request_id", "")
    log.error("a request failed", path=request.url.path, request_id=request_id, exc_info=error)
    return _say(request, 500, "Fault", "Something went wrong on our side.", f"Tell us this number: {request_id}.")


def _say(
    request: Request, status: int, name: str, detail: str, remedy: str | None, field: str | None = None
) -> Response:
    if wants_page(request):
        if status == 401:
            return Response(status_code=303, headers={"location": "/sign-in"})
        html = request.app.state.pages.get_template("fault.html").render(
            page="fault",
            caller=None,
            site_name="",
            zone_name="UTC",
            waiting=0,
            with_chat=False,
            detail=detail,
            remedy=remedy or "",
        )
        return HTMLResponse(html, status)
    said = {"error": name, "detail": detail, "remedy": remedy, "field": field}
    return JSONResponse({key: value for key, value in said.items() if value is not None}, status)
