"""Every router of the application, listed: a new door must show here and in api/access.py."""

from api.routes import (
    chat,
    corrections,
    data,
    docs,
    events,
    health,
    improvement,
    kpis,
    line,
    losses,
    me,
    proposals,
    quality,
    query,
    reports,
    rows,
    sign_in,
    webhooks,
)

MODULES = (
    health,
    sign_in,
    line,
    losses,
    proposals,
    improvement,
    reports,
    data,
    quality,
    rows,
    query,
    kpis,
    corrections,
    me,
    events,
    chat,
    webhooks,
    docs,
)
ROUTERS = tuple(module.router for module in MODULES)
