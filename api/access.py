"""Who may come through which door: one table. The test walks every route with every role against it."""

from dataclasses import dataclass

READ = frozenset({"operator", "supervisor", "maintenance", "planner", "quality", "manager", "admin"})
DECIDE = frozenset({"supervisor", "maintenance", "planner", "quality", "manager", "admin"})
ADMIN = frozenset({"admin"})
ANYONE = frozenset({"anyone"})  # no sign-in
SIGNED = frozenset({"signature"})  # the message's own signature is checked by the route


@dataclass(frozen=True, slots=True)
class Door:
    method: str
    path: str  # as FastAPI writes it
    roles: frozenset[str]
    page: bool = False  # answers a person: refusals are pages, not JSON


DOORS = (
    Door("GET", "/healthz", ANYONE),
    Door("GET", "/readyz", ANYONE),
    Door("GET", "/metrics", ANYONE),
    Door("GET", "/sign-in", ANYONE, page=True),
    Door("POST", "/sign-in", ANYONE, page=True),
    Door("POST", "/sign-out", ANYONE, page=True),
    Door("GET", "/", READ, page=True),
    Door("GET", "/line/live", READ, page=True),
    Door("GET", "/proposals", READ, page=True),
    Door("GET", "/proposals/{proposal_id}", READ, page=True),
    Door("GET", "/proposals/{proposal_id}/edit", DECIDE, page=True),
    Door("GET", "/parts/proposals/{proposal_id}", READ, page=True),
    Door("GET", "/parts/conversations/{conversation_id}", READ, page=True),
    Door("GET", "/parts/losses/{loss_id}/why", READ, page=True),
    Door("GET", "/parts/losses/{loss_id}/changed", READ, page=True),
    Door("GET", "/parts/bottleneck", READ, page=True),
    Door("GET", "/parts/signals/{name}", READ, page=True),
    Door("GET", "/losses", READ, page=True),
    Door("GET", "/losses/{loss_id}", READ, page=True),
    Door("GET", "/improvement", READ, page=True),
    Door("GET", "/reports", READ, page=True),
    Door("GET", "/reports/{report_id}", READ, page=True),
    Door("GET", "/data", READ, page=True),
    Door("GET", "/data/rows/{noun}", READ, page=True),
    Door("GET", "/quality", READ, page=True),
    Door("GET", "/docs", READ, page=True),
    Door("GET", "/api/v1/openapi.json", READ),
    Door("GET", "/api/v1/me", READ),
    Door("POST", "/api/v1/chat", READ),
    Door("GET", "/api/v1/conversations/{conversation_id}", READ),
    Door("GET", "/api/v1/events", READ),
    Door("GET", "/api/v1/lines", READ),
    Door("GET", "/api/v1/kpis", READ),
    Door("GET", "/api/v1/people", READ),
    Door("GET", "/api/v1/corrections", READ),
    Door("POST", "/api/v1/corrections", DECIDE),
    Door("POST", "/api/v1/corrections/{correction_id}/withdraw", DECIDE),
    Door("GET", "/api/v1/losses", READ),
    Door("GET", "/api/v1/losses/{loss_id}", READ),
    Door("GET", "/api/v1/quality", READ),
    Door("GET", "/api/v1/nonconformances/{nonconformance_id}/lots", READ),
    Door("GET", "/api/v1/rows/{name}", READ),
    Door("GET", "/api/v1/query/{noun}", READ),
    Door("GET", "/api/v1/proposals", READ),
    Door("GET", "/api/v1/proposals/{proposal_id}", READ),
    Door("POST", "/api/v1/proposals/{proposal_id}/decision", DECIDE),
    Door("POST", "/api/v1/proposals/{proposal_id}/edit", DECIDE),
    Door("GET", "/api/v1/improvements", READ),
    Door("GET", "/api/v1/reports", READ),
    Door("GET", "/api/v1/reports/{report_id}.{form}", READ),
    Door("GET", "/api/v1/waiting", READ),
    Door("POST", "/api/v1/waiting/{item_id}/replay", ADMIN),
    Door("POST", "/api/v1/webhooks/in/{source}", SIGNED),
    Door("GET", "/api/v1/webhooks/endpoints", ADMIN),
    Door("POST", "/api/v1/webhooks/endpoints", ADMIN),
    Door("DELETE", "/api/v1/webhooks/endpoints/{endpoint_id}", ADMIN),
)
BY_ROUTE = {(door.method, door.path): door for door in DOORS}
