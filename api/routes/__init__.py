"""Every router of the application, listed: a new door must show here and in api/access.py."""

from api.routes import (
    chat,
    data,
    events,
    health,
    improvement,
    kpis,
    line,
    losses,
    me,
    proposals,
    rows,
    sign_in,
    webhooks,
)

ROUTERS = tuple(
    module.router
    for module in (
        health,
        sign_in,
        line,
        losses,
        proposals,
        improvement,
        reports,
        data,
        rows,
        kpis,
        me,
        events,
        chat,
        webhooks,
    )
)
