"""Webhooks: what other systems send us (signed, kept before it is answered), and where our events go."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import select, text, update

from api.door import CallerNow, StoreNow
from api.numbers import RowId
from mom import audit, clock
from mom.address import checked_address
from mom.database.access import Store
from mom.errors import BadInput, NotFound, NotSignedIn
from mom.models import WebhookEndpoint
from mom.records.arrive import LARGEST_BODY, arrive
from mom.records.signature import verify
from mom.secrets import new_secret, secret_of

router = APIRouter(prefix="/api/v1/webhooks")
SITE = text("""
SELECT id FROM sites WHERE EXISTS (
    SELECT FROM jsonb_array_elements(COALESCE(plant -> 'systems', '[]')) AS system WHERE system ->> 'id' = :source
) ORDER BY id LIMIT 1
""")


class Endpoint(BaseModel):
    """`events`: kinds such as loss.opened, or a kind's first word: loss."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(max_length=2000)
    events: list[str] = Field(min_length=1, max_length=50)

    @field_validator("url")
    @classmethod
    def _http(cls, url: str) -> str:
        return checked_address(url)


@router.post("/in/{source}", status_code=202)
async def incoming(source: str, request: Request, store: StoreNow) -> dict[str, str]:
    """A message of another system; 2xx once it is on disk. The same webhook-id again changes nothing."""
    body = await _body(request)
    site_id = await _site(store, source)
    try:
        secret = secret_of(request.app.state.settings.home, source) if site_id is not None else None
    except NotFound:
        secret = None
    if site_id is None or secret is None:
        raise NotSignedIn("The message is not trusted.", remedy="Name the system and its secret in the plant first.")
    webhook_id = verify(secret, request.headers, body)
    async with store.write.begin() as session:
        fresh = await arrive(session, site_id, source, webhook_id, body)
    return {"status": "taken" if fresh else "had it already"}


@router.get("/endpoints")
async def endpoints(store: StoreNow, caller: CallerNow) -> list[dict[str, Any]]:
    """Where events go; secrets are not shown again."""
    async with store.write() as session:
        query = select(WebhookEndpoint).where(
            WebhookEndpoint.site_id == caller.site_id, WebhookEndpoint.disabled_at.is_(None)
        )
        rows = (await session.scalars(query.order_by(WebhookEndpoint.id))).all()
    return [{"id": row.id, "url": row.url, "events": row.events, "created_at": row.created_at} for row in rows]


@router.post("/endpoints", status_code=201)
async def add_endpoint(endpoint: Endpoint, store: StoreNow, caller: CallerNow) -> dict[str, Any]:
    """Send these events there from now on. `secret` is shown only here."""
    secret, now = new_secret(), clock.now()
    async with store.write.begin() as session:
        row = WebhookEndpoint(
            site_id=caller.site_id, url=endpoint.url, secret=secret, events=endpoint.events, created_by=caller.actor
        )
        session.add(row)
        await session.flush()
        await audit.append(
            session, site_id=caller.site_id, at=now, actor=caller.actor, act="endpoint.added",
            subject=f"endpoint:{row.id}", detail={"url": endpoint.url},
        )  # fmt: skip
        return {"id": row.id, "url": row.url, "events": row.events, "secret": secret}


@router.delete("/endpoints/{endpoint_id}")
async def remove_endpoint(endpoint_id: RowId, store: StoreNow, caller: CallerNow) -> dict[str, str]:
    now = clock.now()
    mine = WebhookEndpoint.id == endpoint_id, WebhookEndpoint.site_id == caller.site_id
    async with store.write.begin() as session:
        ended = update(WebhookEndpoint).where(*mine, WebhookEndpoint.disabled_at.is_(None)).values(disabled_at=now)
        if await session.scalar(ended.returning(WebhookEndpoint.id)) is None:
            raise NotFound(f"There is no endpoint {endpoint_id}.")
        await audit.append(
            session, site_id=caller.site_id, at=now, actor=caller.actor, act="endpoint.removed",
            subject=f"endpoint:{endpoint_id}",
        )  # fmt: skip
    return {"status": "removed"}


async def _body(request: Request) -> bytes:
    """The body, read no further than the largest that is taken."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BODY:
            raise BadInput(f"The message is larger than {LARGEST_BODY:,} bytes.", remedy="Send fewer records at once.")
        parts.append(part)
    return b"".join(parts)


async def _site(store: Store, source: str) -> int | None:
    async with store.read() as session:
        site: int | None = await session.scalar(SITE, {"source": source})
    return site
