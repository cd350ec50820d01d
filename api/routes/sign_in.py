"""Come in and go out."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.door import COOKIE, StoreNow
from api.web.show import show
from mom import clock
from mom.accounts.links import use_link
from mom.accounts.sessions import LONGEST, end_session
from mom.accounts.sign_in import sign_in

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
async def sign_in_page(request: Request, store: StoreNow, token: str | None = None) -> Response:
    """The form; with a link's token, straight in."""
    if token is None:
        return show(request, "sign_in.html", page="sign-in", refusal="", name="")
    async with store.write.begin() as session:
        cookie = await use_link(session, token, clock.now())
    if cookie is None:
        refusal = "This link was used or is too old. Sign in with your name, or ask for a new link."
        return show(request, "sign_in.html", page="sign-in", refusal=refusal, name="", status=403)
    return _in(request, cookie)


@router.post("/sign-in")
async def sign_in_now(
    request: Request, store: StoreNow, name: Annotated[str, Form()], password: Annotated[str, Form()]
) -> Response:
    address = request.client.host if request.client else ""
    async with store.write.begin() as session:
        tried = await sign_in(session, name, password, address, clock.now())
    if tried.token is None:
        return show(request, "sign_in.html", page="sign-in", refusal=tried.refusal, name=name, status=403)
    return _in(request, tried.token)


@router.post("/sign-out")
async def sign_out(request: Request, store: StoreNow) -> Response:
    if token := request.cookies.get(COOKIE):
        async with store.write.begin() as session:
            await end_session(session, token, clock.now())
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer


def _in(request: Request, cookie: str) -> Response:
    """Set the cookie (Lax: a link in an e-mail may bring it) and go to the line."""
    secure = urlsplit(request.app.state.settings.base_url).scheme == "https" or request.url.scheme == "https"
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        COOKIE, cookie, max_age=int(LONGEST.total_seconds()), httponly=True, samesite="lax", secure=secure, path="/"
    )
    return answer
