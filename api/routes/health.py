"""Is it alive, is it ready, how is it doing: for whoever watches the watcher."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy import text

from mom import clock

router = APIRouter()


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """The database answers, and the supervisor (if there is one) says that the plant's past is loaded."""
    async with request.app.state.store.read() as session:
        await session.execute(text("SELECT 1"))
    waiting = request.app.state.settings.home / "starting"
    if waiting.exists():
        return JSONResponse({"status": "starting", "detail": waiting.read_text(encoding="utf-8").strip()}, 503)
    return JSONResponse({"status": "ready"})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus' text form: the process's own figures, and those of links, loops, proposals, losses and letters."""
    from api.metrics import metrics_text

    async with request.app.state.store.write() as session:
        told = await metrics_text(session, clock.now())
    return PlainTextResponse(told, media_type="text/plain; version=0.0.4")
