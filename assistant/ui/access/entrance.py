"""The way to the page for signing in, for the top of other pages."""

from __future__ import annotations

from urllib.parse import urlencode

from assistant.ui.access.addresses import SIGN_IN, relative
from assistant.ui.access.roles import Role, highest
from assistant.ui.access.sessions import Access
from assistant.ui.markup import escape
from assistant.ui.texts import Texts

SIGNED_IN_AS: dict[Role, str] = {
    "reader": "access.as_reader",
    "evaluator": "access.as_evaluator",
    "staff": "access.as_staff",
}


def render_entrance(access: Access, roles: frozenset[Role], texts: Texts, page: str = "/") -> str:
    """Return a link to sign in, or that says as what one is signed in; nothing where nobody can sign in.

    `page` is the path below the root of the site on which it stands; signing in leads back to it.
    """
    if not access.roles:
        return ""
    role = highest(roles)
    is_signed_in = role is not None and (role != "reader" or access.is_guarded)
    label = texts(SIGNED_IN_AS[role]) if role and is_signed_in else texts("access.sign_in")
    return f'<a class="entrance" href="{escape(_address(texts.language, page))}">{label}</a>'


def _address(language: str, page: str) -> str:
    """Return the relative address for signing in, from a page and back to it."""
    query = {"lang": language, **({"next": page} if page != "/" else {})}
    return f"{relative(SIGN_IN, page)}?{urlencode(query)}"
