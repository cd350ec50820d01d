"""A message from another system is kept before anything is done with it: then it may be answered with 2xx."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import BadInput
from mom.models import WebhookReceipt

CHANNEL = "lineside_receipts"
LARGEST_BODY = 1_000_000


async def arrive(session: AsyncSession, site_id: int, source: str, webhook_id: str, body: bytes) -> bool:
    """Keep the message in the caller's transaction: True, or False when its id came before. The caller commits.

    Raises BadInput for a body that is larger than 1 MB.
    """
    if len(body) > LARGEST_BODY:
        raise BadInput(f"The message has {len(body):,} bytes; expected at most {LARGEST_BODY:,}.")
    kept = await session.scalar(
        insert(WebhookReceipt)
        .values(site_id=site_id, source=source, webhook_id=webhook_id, body=body)
        .on_conflict_do_nothing(index_elements=["site_id", "source", "webhook_id"])
        .returning(WebhookReceipt.id)
    )
    if kept is None:
        return False
    await session.execute(select(func.pg_notify(CHANNEL, str(kept))))
    return True
