"""Pages of our own from templates; everything that is filled in is escaped."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assistant.ui.access import render_entrance, roles_of
from assistant.ui.texts import LANGUAGE_NAMES, Texts, as_interface_language, preferred_language, texts_in

LISTING: Final = "/corpus"
STAFF: Final = "/corpus/staff"

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Under `no-referrer`, browsers would hide from ourselves that a form is ours.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def texts_of(request: Request) -> Texts:
    """Return the words in the language that the address, or else the browser, asks for."""
    asked_for = request.query_params.get("lang")
    return texts_in(
        as_interface_language(asked_for) if asked_for else preferred_language(request.headers.get("accept-language"))
    )


def page(template: str, request: Request, texts: Texts, path: str, status: int = 200, **parts: Any) -> HTMLResponse:
    """Return a page; `path` is its own below the root of the site, from which its links are relative."""
    access, roles = request.app.state.access, roles_of(request)
    content = (
        _environment()
        .get_template(template)
        .render(
            t=texts,
            root="../" * (path.count("/") - 1),
            path=path,
            entrance=Markup(render_entrance(access, roles, texts, path)),
            names=LANGUAGE_NAMES,
            **parts,
        )
    )
    return HTMLResponse(content, status, HEADERS)


def fragment(template: str, texts: Texts, **parts: Any) -> HTMLResponse:
    """Return a part of a page, for a script that replaces it."""
    return HTMLResponse(_environment().get_template(template).render(t=texts, **parts), headers=HEADERS)


def day_and_time(texts: Texts, moment: str) -> dict[str, str]:
    """Return date and time of an ISO moment as people write them, by the clock of this machine."""
    try:
        local = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return {"date": texts.date(""), "time": "?"}
    return {"date": texts.date(local.date().isoformat()), "time": f"{local:%H:%M}"}


@cache
def _environment() -> Environment:
    """Return the templates; a name that is not filled in is an error."""
    return Environment(
        loader=PackageLoader("assistant.ui.corpus_page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
