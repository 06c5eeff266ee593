"""The roles, and which one a password opens."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from typing import Literal

from pydantic import SecretStr

from assistant.settings import AccessSettings

Role = Literal["reader", "evaluator", "staff"]

ROLES: tuple[Role, ...] = ("reader", "evaluator", "staff")
"""From the least to the most; who has a role may also do what those before it may."""


def roles_up_to(role: Role | None) -> frozenset[Role]:
    """Return a role and those below it; nothing for nobody."""
    return frozenset(ROLES[: ROLES.index(role) + 1]) if role else frozenset()


def highest(roles: frozenset[Role]) -> Role | None:
    """Return the role that may do the most; None when there is none."""
    return max(roles, key=ROLES.index, default=None)


def passwords_of(settings: AccessSettings) -> dict[Role, SecretStr]:
    """Return the password of each role that has one."""
    passwords = {
        "reader": settings.password,
        "evaluator": settings.evaluator_password,
        "staff": settings.staff_password,
    }
    return {role: secret for role in ROLES if (secret := passwords[role]) is not None}


def role_behind(passwords: Mapping[Role, SecretStr], reader: str | None, user: str, password: str) -> Role | None:
    """Return the role that a password opens; None when it opens nothing.

    `reader` is the name that readers must give, if any. Every password is compared, whole and in the
    same time, so that how long it takes tells nothing.
    """
    is_user = reader is None or _equal(user, reader)
    found: Role | None = None
    for role, secret in passwords.items():
        is_right = _equal(password, secret.get_secret_value())
        if is_right and (is_user or role != "reader"):
            found = role
    return found


def _equal(given: str, right: str) -> bool:
    """Compare two texts in a time that depends on neither; é is é however a keyboard composes it."""
    return hmac.compare_digest(_digest(given), _digest(right))


def _digest(text: str) -> bytes:
    """Return a hash of a text, so that the lengths compared are always the same."""
    return sha256(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")).digest()
