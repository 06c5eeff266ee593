"""Sessions: a signed cookie that says for how long who signed in as what."""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer
from starlette.requests import HTTPConnection

from assistant.settings import AccessSettings
from assistant.ui.access.roles import Role, passwords_of, role_behind
from assistant.ui.access.throttle import Throttle

COOKIE = "assistant-session"
_MAX_ENDED = 10_000


class Access:
    """Passwords, sessions and the throttle of one application."""

    def __init__(
        self,
        settings: AccessSettings,
        *,
        clock: Callable[[], float] = time.time,
        throttle: Throttle | None = None,
    ) -> None:
        """Take the settings; `clock` gives the seconds since 1970."""
        self.throttle = throttle or Throttle(settings.failed_attempts)
        self.session_seconds = int(settings.session_hours * 3600)
        self.reader_name = settings.user
        self._passwords = passwords_of(settings)
        self._clock = clock
        self._ended: OrderedDict[str, float] = OrderedDict()
        chosen = settings.session_key
        key = chosen.get_secret_value().encode() if chosen else secrets.token_bytes(32)
        self._signers = {role: self._signer(key, role) for role in self._passwords}

    @property
    def roles(self) -> frozenset[Role]:
        """The roles for which one can sign in."""
        return frozenset(self._passwords)

    @property
    def is_guarded(self) -> bool:
        """Whether even readers have to sign in."""
        return "reader" in self._passwords

    def role_behind(self, user: str, password: str) -> Role | None:
        """Return the role that a password opens; None when it opens nothing."""
        return role_behind(self._passwords, self.reader_name, user, password)

    def new_session(self, role: Role) -> str:
        """Return the value of the cookie for a new session."""
        value = self._signers[role].dumps(secrets.token_urlsafe(12))
        return value.decode() if isinstance(value, bytes) else value

    def role_of_session(self, connection: HTTPConnection) -> Role | None:
        """Return the role of the session that a request belongs to; None when it belongs to none that holds."""
        found = self._session(connection.cookies.get(COOKIE, ""))
        return found[0] if found else None

    def end_session(self, connection: HTTPConnection) -> Role | None:
        """End a session for good, should its cookie have been copied; return the role that it had.

        Ended sessions are remembered until the application stops.
        """
        found = self._session(connection.cookies.get(COOKIE, ""))
        if found is None:
            return None
        role, identity = found
        now = self._clock()
        while self._ended and (next(iter(self._ended.values())) < now or len(self._ended) >= _MAX_ENDED):
            self._ended.popitem(last=False)
        self._ended[identity] = now + self.session_seconds
        return role

    def _session(self, value: str) -> tuple[Role, str] | None:
        """Return the role and the identity of a session; None when its cookie does not hold."""
        if not value:
            return None
        for role, signer in self._signers.items():
            try:
                identity = str(signer.loads(value, max_age=self.session_seconds))
            except BadData:
                continue
            return None if identity in self._ended else (role, identity)
        return None

    def _signer(self, key: bytes, role: Role) -> URLSafeTimedSerializer:
        """Return what signs the sessions of a role; another password makes another key, so old sessions end."""
        name = self.reader_name or "" if role == "reader" else ""
        parts = (role, name, self._passwords[role].get_secret_value())
        # Each part by its own hash, so that no two sets of parts run together into one text.
        message = b"".join(sha256(part.encode("utf-8", "surrogatepass")).digest() for part in parts)
        clock = self._clock

        class _Signer(TimestampSigner):
            """Signs with the time of the application's clock."""

            def get_timestamp(self) -> int:
                return int(clock())

        return URLSafeTimedSerializer(
            hmac.digest(key, message, "sha256"),
            salt=f"{COOKIE}.{role}",
            signer=_Signer,
            signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"},
        )
