"""The page for signing in, as HTML without a script."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from assistant.ui.access.addresses import SIGN_IN, relative
from assistant.ui.access.entrance import SIGNED_IN_AS
from assistant.ui.access.roles import Role, roles_up_to
from assistant.ui.markup import escape
from assistant.ui.texts import LANGUAGE_NAMES, LANGUAGES, Texts

_MAY: Final[dict[Role, str]] = {
    "reader": "access.reader_may",
    "evaluator": "access.evaluator_may",
    "staff": "access.staff_may",
}
_NEEDED: Final[dict[Role, str]] = {
    "reader": "access.needs_reader",
    "evaluator": "access.needs_evaluator",
    "staff": "access.needs_staff",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why signing in did not work."""

    kind: Literal["wrong", "too_many"]
    seconds: int = 0
    """After which one may try again."""


@dataclass(frozen=True, slots=True)
class SignInPage:
    """What the page shows."""

    role: Role | None
    """As what one is signed in."""
    wanted: Role | None
    """The role that the page one comes from demands."""
    onwards: str
    """Where signing in leads, as `/path` below the root of the site."""
    trouble: Trouble | None
    asks_name: bool
    is_guarded: bool
    roles: frozenset[Role]


def render_sign_in(page: SignInPage, texts: Texts) -> str:
    """Return the page."""
    title = texts("access.title")
    parts = [f"<header><p>{texts('page.title')}</p><h1>{title}</h1>{_languages(page, texts)}</header><main>"]
    parts += [_state(page, texts), _trouble(page, texts), _form(page, texts)]
    if page.role is not None or not page.is_guarded:
        parts.append(f'<p><a href="{relative("/", SIGN_IN)}">{texts("access.to_chat")}</a></p>')
    head = texts("access.wrong_title") if page.trouble else title
    return (
        f'<!doctype html><html lang="{texts.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{head} · {texts('page.title')}</title>"
        '<link rel="icon" href="page/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="page/access.css">'
        f"</head><body>{''.join(parts)}</main></body></html>"
    )


def _languages(page: SignInPage, texts: Texts) -> str:
    """Return a link to the page in each other language, which leads on to the same place."""
    links = []
    for language in LANGUAGES:
        if language != texts.language:
            query = {"lang": language, "next": page.onwards, **({"role": page.wanted} if page.wanted else {})}
            address = f"{relative(SIGN_IN, SIGN_IN)}?{urlencode(query)}"
            links.append(
                f'<a href="{escape(address)}" lang="{language}" hreflang="{language}">{LANGUAGE_NAMES[language]}</a>'
            )
    return f"<nav>{''.join(links)}</nav>"


def _state(page: SignInPage, texts: Texts) -> str:
    """Return as what one is signed in, what that allows, and the ways on and out; or what one signs in for."""
    demand = (
        f"<p>{texts(_NEEDED[page.wanted])}</p>" if page.wanted and page.wanted not in roles_up_to(page.role) else ""
    )
    if page.role is None:
        return demand or f"<p>{texts('access.why_guarded' if page.is_guarded else 'access.why')}</p>"
    onwards = relative(page.onwards, SIGN_IN)
    ways = f'<p><a class="onwards" href="{escape(onwards)}">{texts("access.onwards")}</a></p>' if not demand else ""
    return (
        f'<section class="signed-in" role="status"><p><strong>{texts(SIGNED_IN_AS[page.role])}.</strong> '
        f"{texts(_MAY[page.role])}</p>{ways}</section>"
        f'<form method="post" action="sign-out"><input type="hidden" name="lang" value="{texts.language}">'
        f'<button class="quiet">{texts("access.sign_out")}</button></form>{demand}'
    )


def _trouble(page: SignInPage, texts: Texts) -> str:
    """Return why signing in did not work; nothing when nobody tried."""
    if page.trouble is None:
        return ""
    if page.trouble.kind == "too_many":
        minutes = math.ceil(page.trouble.seconds / 60)
        said = texts("access.too_many_one") if minutes == 1 else texts("access.too_many", minutes=minutes)
    else:
        said = texts("access.wrong_with_name" if page.asks_name else "access.wrong")
    return f'<p class="trouble" id="trouble" role="alert">{said}</p>'


def _form(page: SignInPage, texts: Texts) -> str:
    """Return the form; who is signed in finds it below a heading of its own, for another role."""
    if page.role is not None and page.roles == {page.role}:
        return ""
    described = ' aria-describedby="trouble" aria-invalid="true"' if page.trouble else ""
    # After a mistake the reader finds the cursor where it is mended.
    name_focus = " autofocus" if page.role is None and not page.trouble else ""
    focus = " autofocus" if page.trouble or (page.role is None and not page.asks_name) else ""
    name = ""
    if page.asks_name:
        hint = f'<span class="hint" id="name-hint">{texts("access.name_hint")}</span>' if len(page.roles) > 1 else ""
        described_name = ' aria-describedby="name-hint"' if hint else ""
        name = (
            f'<label for="user">{texts("access.name")}</label>{hint}'
            f'<input id="user" name="user" autocomplete="username" autocapitalize="none" maxlength="200"'
            f"{described_name}{name_focus}>"
        )
    wanted = f'<input type="hidden" name="role" value="{page.wanted}">' if page.wanted else ""
    heading = f"<h2>{texts('access.other_role')}</h2>" if page.role is not None else ""
    return (
        # Without an address of its own it goes to that of the page, with the link to an answer behind its "#".
        f'{heading}<form method="post">'
        f'<input type="hidden" name="next" value="{escape(page.onwards)}">'
        f'<input type="hidden" name="lang" value="{texts.language}">{wanted}{name}'
        f'<label for="password">{texts("access.password")}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" maxlength="500" '
        f"required{described}{focus}>"
        f"<button>{texts('access.sign_in')}</button></form>"
    )
