"""The pages for signing in and out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.settings import AccessSettings
from assistant.ui.access.addresses import SIGN_IN, SIGN_OUT, relative, safe_next
from assistant.ui.access.attempts import checked_password, client_address
from assistant.ui.access.origin import same_origin
from assistant.ui.access.permission import access_of
from assistant.ui.access.roles import ROLES, Role, passwords_of
from assistant.ui.access.sessions import COOKIE
from assistant.ui.access.sign_in_page import SignInPage, Trouble, render_sign_in
from assistant.ui.texts import InterfaceLanguage, as_interface_language, preferred_language, texts_in

_log = logging.getLogger(__name__)

FORM_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # `no-referrer` would hide even from ourselves that a form is ours.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Headers of a page of ours that holds a form."""

_MAX_BODY = 8_000


def access_routes(settings: AccessSettings) -> APIRouter:
    """Return the routes for signing in and out; none where no role has a password."""
    router = APIRouter()
    if not passwords_of(settings):
        return router

    @router.get(SIGN_IN, response_class=HTMLResponse, include_in_schema=False)
    async def show(request: Request) -> HTMLResponse:
        return _page(request, _way(request, request.query_params))

    @router.post(SIGN_IN, include_in_schema=False, dependencies=[Depends(same_origin)])
    async def sign_in(request: Request) -> Response:
        access, fields = access_of(request), await _fields(request)
        way = _way(request, fields)
        wait = access.throttle.seconds_to_wait(client_address(request))
        if wait:
            return _page(request, way, Trouble("too_many", wait))
        role = checked_password(access, request, fields.get("user", ""), fields.get("password", ""), way="form")
        return _signed_in(request, role, way) if role else _page(request, way, Trouble("wrong"))

    @router.post(SIGN_OUT, include_in_schema=False, dependencies=[Depends(same_origin)])
    async def sign_out(request: Request) -> Response:
        way = _way(request, await _fields(request))
        role = access_of(request).end_session(request)
        if role:
            _log.info("signed out as %s from %s", role, client_address(request))
        address = f"{relative(SIGN_IN, SIGN_OUT)}?{urlencode({'lang': way.language})}"
        response = RedirectResponse(address, 303, headers=FORM_HEADERS)
        response.delete_cookie(COOKIE, path=_cookie_path(request))
        return response

    return router


@dataclass(frozen=True, slots=True)
class _Way:
    """Where who signs in comes from and goes to."""

    onwards: str
    wanted: Role | None
    language: InterfaceLanguage


def _way(request: Request, fields: Mapping[str, str]) -> _Way:
    """Read the fields of a form or the query of an address."""
    lang = fields.get("lang")
    accepted = request.headers.get("accept-language")
    return _Way(
        onwards=safe_next(fields.get("next", "/")),
        wanted=next((role for role in ROLES if role == fields.get("role")), None),
        language=as_interface_language(lang) if lang else preferred_language(accepted),
    )


def _signed_in(request: Request, role: Role, way: _Way) -> Response:
    """Begin a session; a reader goes on at once, others first read what they may do now."""
    access = access_of(request)
    query = {"lang": way.language, "next": way.onwards, **({"role": way.wanted} if way.wanted else {})}
    address = relative(way.onwards if role == "reader" else f"{SIGN_IN}?{urlencode(query)}", SIGN_IN)
    response = RedirectResponse(address, 303, headers=FORM_HEADERS)
    access.end_session(request)
    response.set_cookie(
        COOKIE,
        access.new_session(role),
        max_age=access.session_seconds,
        path=_cookie_path(request),
        secure=request.url.scheme == "https",
        httponly=True,
        # Where readers sign in, Strict would ask a reader again who follows a link from an e-mail.
        samesite="lax" if access.is_guarded else "strict",
    )
    return response


def _page(request: Request, way: _Way, trouble: Trouble | None = None) -> HTMLResponse:
    """Return the page for signing in."""
    access = access_of(request)
    page = SignInPage(
        role=access.role_of_session(request),
        wanted=way.wanted,
        onwards=way.onwards,
        trouble=trouble,
        asks_name=access.reader_name is not None,
        is_guarded=access.is_guarded,
        roles=access.roles,
    )
    status, headers = 200, dict(FORM_HEADERS)
    if trouble is not None:
        status = 429 if trouble.kind == "too_many" else 403
        headers |= {"Retry-After": str(trouble.seconds)} if trouble.seconds else {}
    return HTMLResponse(render_sign_in(page, texts_in(way.language)), status, headers)


def _cookie_path(request: Request) -> str:
    """Return the path below which the session is known: that of the site, not of others on the same host."""
    root: str = request.scope.get("app_root_path", request.scope.get("root_path", ""))
    return root.rstrip("/") or "/"


async def _fields(request: Request) -> dict[str, str]:
    """Return the fields of a small form. Raises HTTPException 413 for a large one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY:
            raise HTTPException(413, "The form is too large.")
    try:
        found = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        raise HTTPException(400, "The form cannot be read.") from None
    return {name: values[-1] for name, values in found.items()}
