"""Who stands at a door: finds the caller by cookie or key, and holds every request against the table in access.py."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.access import ANYONE, BY_ROUTE, SIGNED, Door
from mom import clock
from mom.accounts.keys import key_caller
from mom.accounts.sessions import session_caller
from mom.caller import Caller
from mom.database.access import Store
from mom.errors import NotAllowed, NotSignedIn

COOKIE = "lineside"
SAFE = {"GET", "HEAD", "OPTIONS"}


async def admit(request: Request) -> None:
    """Run before every route. A route that is not in the table is closed."""
    door = door_of(request)
    if door is None:
        raise NotAllowed("This door is not in the table of doors.")
    if door.method not in SAFE and not door.roles & SIGNED:
        _same_origin(request)
    if door.roles & (ANYONE | SIGNED):
        return
    caller = await who(request)
    if caller is None:
        raise NotSignedIn("You are not signed in.", remedy="Sign in, or send a key as `Authorization: Bearer …`.")
    caller.need(*sorted(door.roles))
    request.state.caller = caller


async def is_still_let_in(request: Request) -> bool:
    """Whether who opened a stream may still read it: not signed out, not disabled, at the same plant, of the same role."""
    door, before = door_of(request), _caller(request)
    caller = await who(request, listening=True)
    roles = door.roles if door else frozenset()
    return caller is not None and caller.site_id == before.site_id and bool(caller.roles & (roles | {"admin"}))


async def who(request: Request, *, listening: bool = False) -> Caller | None:
    """The caller by key or cookie, or None. `listening`: an open page alone does not keep a session from being idle."""
    store: Store = request.app.state.store
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    cookie = request.cookies.get(COOKIE)
    if not key and not cookie:
        return None
    async with store.write.begin() as session:
        if key:
            return await key_caller(session, key.strip(), clock.now()) if scheme.lower() == "bearer" else None
        return await session_caller(session, cookie or "", clock.now(), seen=not listening)


def door_of(request: Request) -> Door | None:
    route = request.scope.get("route")
    method = "GET" if request.method == "HEAD" else request.method
    return BY_ROUTE.get((method, getattr(route, "path", "")))


def wants_page(request: Request) -> bool:
    door = door_of(request)
    return door.page if door else not request.url.path.startswith(("/api/", "/static/"))


def _same_origin(request: Request) -> None:
    """A write that a browser sends with our cookie must come from our own pages."""
    if not request.cookies.get(COOKIE) and request.url.path != "/sign-in":
        return
    origin = request.headers.get("origin")
    if origin is not None:
        here = request.headers.get("host", "")
        if urlsplit(origin).netloc != here:
            raise NotAllowed("This came from another site's page.", remedy="Open Lineside itself and do it there.")
    elif request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("This came from another site's page.", remedy="Open Lineside itself and do it there.")


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


CallerNow = Annotated[Caller, Depends(_caller)]
StoreNow = Annotated[Store, Depends(_store)]
