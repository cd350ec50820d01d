"""When did we see this, and what was done: past repairs, stops, notes and documents, found by meaning."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from mom.knowledge.search import Wanted, find
from tools.plain import untrusted
from tools.scope import Where, local, scope, told
from tools.shown import table
from tools.tool import Context, Result, tool

MOST = 8


@tool(doing="Looking for similar cases")
async def find_similar(
    context: Context,
    text: Annotated[
        str, Field(description="What is looked for, in a few words: 'cap jams, torque too low'.", max_length=500)
    ],
    equipment: Where = None,
    kind: Literal["any", "repair", "stop", "note", "document"] = "any",
    since: Annotated[datetime | None, Field(description="Only what happened since then.")] = None,
) -> Result:
    """Past repairs, stops, notes and documents that are alike in meaning, the nearest first, each with its date, machine and text.

    For "when did we see this before" and "what was done then". `near` is how alike (1: the same); below 0.3 it is hardly the same thing."""
    asked = await scope(context, equipment)
    wanted = Wanted(
        text=text,
        site_id=context.site_id,
        equipment=asked.machine.path if asked.machine else None,
        kind=None if kind == "any" else kind,
        since=since,
        before=context.now,
        limit=MOST,
    )
    found = await find(context.read, wanted, context.settings)
    rows = [_row(context, asked.layout.machines, hit) for hit in found.hits]
    shown = [{**row, "text": row["title"]} for row in rows]
    columns = [("when", "When", ""), ("machine", "Machine", ""), ("kind", "What", ""), ("text", "Text", "")]
    block = table("Similar cases", columns, shown, empty="Nothing alike was found.")
    data = {"looked_for": text, "how": found.how, "count": len(rows), "cases": rows}
    return Result(data, (block,), asked.place)


def _row(context: Context, machines: dict[str, Any], hit: Any) -> dict[str, Any]:
    machine = machines.get(hit.equipment or "")
    return {
        "ref": hit.subject,
        "kind": hit.kind,
        "equipment": hit.equipment,
        "machine": machine.name if machine else hit.equipment,
        "when": told(hit.at, context),
        "at": local(hit.at, context),
        "near": round(hit.near, 2),
        "title": hit.title,
        "text": untrusted(hit.body),
        **{key: value for key, value in hit.more.items() if key in ("part", "status", "hours", "cost", "seconds")},
    }
