"""A judge model behind an OpenAI-compatible chat endpoint, on this machine or elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, get_args

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from assistant.errors import InputError

Verdict = Literal["correct", "partial", "wrong", "refusal_ok", "refusal_wrong"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
KEY_VARIABLE = "JUDGE_API_KEY"
"""Not the name that a vendor's own programs read: a key must not go to another endpoint than it was meant for."""
TEMPERATURE = 0
PROMPT = Path(__file__).parent / "prompts" / "judge.md"
_PATH = "/chat/completions"
_CONNECT_SECONDS = 10.0
_LONGEST_PAUSE = 30.0
_AGAIN = (
    'That was no JSON object of the form {"verdict": "…", "reason": "…"} with an offered verdict. Reply with it only.'
)
_FENCE = re.compile(r"^```(?:json)?\s*\n(.*)\n```$", re.DOTALL)
_LOOPBACK = re.compile(r"^(?:localhost|127\.\d+\.\d+\.\d+|::1)$")

Message = Mapping[str, str]


class NoReply(Exception):
    """The endpoint gave no reply to one request; the case stays unscored."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge made of one answer."""

    verdict: Verdict | None
    """None where there was no reply, or none that could be read: such a case is unscored, never wrong."""
    reason: str
    """The judge's; why there is no verdict where there is none."""
    attempts: int
    model: str | None
    """What the endpoint calls the model that replied."""


class _Reply(BaseModel):
    """What the judge has to reply."""

    model_config = ConfigDict(extra="forbid", strict=True)

    verdict: Verdict
    reason: str


class JudgeClient:
    """Ask one model at one endpoint."""

    def __init__(self, endpoint: str, model: str, seconds: float) -> None:
        """Check the endpoint; the key is read from the environment and sent to it alone.

        Raises InputError for an address that is none, or that a key must not go to.
        """
        self._url = _checked(endpoint)
        key = os.environ.get(KEY_VARIABLE, "").strip()
        self._key = SecretStr(key) if key else None
        local = bool(_LOOPBACK.match(self._url.host))
        if key and self._url.scheme != "https" and not local:
            raise InputError(
                f"{self.endpoint} is not encrypted, and {KEY_VARIABLE} is set: use https, or unset the key."
            )
        self.model = model
        # A proxy for the world outside has no way back to this machine; redirects could carry the key elsewhere.
        self._http = httpx.Client(
            timeout=httpx.Timeout(seconds, connect=_CONNECT_SECONDS), follow_redirects=False, trust_env=not local
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def endpoint(self) -> str:
        """The address, as it is recorded."""
        return str(self._url)

    def judge(self, messages: Sequence[Message], offered: Sequence[Verdict]) -> Judgement:
        """Return the verdict, asking once more where the reply cannot be read.

        Raises NoReply where none came, InputError where no request of this kind can succeed.
        """
        asked = list(messages)
        for attempt in (1, 2):
            content, model = self._complete(asked)
            reply = parsed(content, offered)
            if reply is not None:
                return Judgement(reply.verdict, reply.reason, attempt, model)
            # The reply itself is not sent back: it may repeat what an answer told the judge to say.
            asked = [*messages, {"role": "user", "content": _AGAIN}]
        return Judgement(None, "no reply that can be read", 2, model)

    def _complete(self, messages: Sequence[Message]) -> tuple[str, str | None]:
        """Send one request, once more after a pause where the endpoint is busy or broken."""
        body = {"model": self.model, "temperature": TEMPERATURE, "messages": list(messages)}
        headers = {"Authorization": f"Bearer {self._key.get_secret_value()}"} if self._key else {}
        for last in (False, True):
            try:
                response = self._http.post(self._url, json=body, headers=headers)
            except httpx.TimeoutException as error:
                raise NoReply(f"no reply from {self._url.host} in time") from error
            except httpx.HTTPError as error:
                raise NoReply(f"{self._url.host} cannot be reached ({type(error).__name__})") from error
            if response.status_code == httpx.codes.OK:
                return _content(response)
            if last or not (response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error):
                break
            time.sleep(_pause(response))
        raise self._fault(response)

    def _fault(self, response: httpx.Response) -> Exception:
        """Return the error for a status; its body is not shown, for some endpoints repeat the key in it."""
        status = response.status_code
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            have = f"the key in {KEY_VARIABLE} is not accepted" if self._key else f"set {KEY_VARIABLE} to a key"
            return InputError(f"{self.endpoint} wants a key: {have}.")
        if status == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
            return NoReply(f"{self._url.host} answered with status {status}, twice")
        if status == httpx.codes.NOT_FOUND:
            return InputError(
                f"{self.endpoint} does not exist, or has no model {self.model!r}; give the address up to /v1, and a "
                "model that it offers."
            )
        return InputError(f"{self.endpoint} refused the request with status {status}; see what it says on its side.")


def prompt() -> str:
    """Return the judge's instructions."""
    return PROMPT.read_text(encoding="utf-8")


def prompt_sha256() -> str:
    """Return the hash of the instructions, which is kept with every verdict."""
    return hashlib.sha256(PROMPT.read_bytes()).hexdigest()


def parsed(content: str, offered: Sequence[Verdict]) -> _Reply | None:
    """Read a reply; None unless it is one JSON object with an offered verdict, at most in one code fence."""
    text = content.strip()
    fenced = _FENCE.match(text)
    try:
        reply = _Reply.model_validate_json(fenced[1] if fenced else text)
    except ValidationError:
        return None
    return reply if reply.verdict in offered else None


def _checked(endpoint: str) -> httpx.URL:
    """Return the address of the chat endpoint."""
    try:
        url = httpx.URL(endpoint.strip().rstrip("/"))
    except httpx.InvalidURL as error:
        raise InputError("--endpoint is no address; give one such as http://127.0.0.1:8080/v1.") from error
    if url.userinfo or url.query:
        raise InputError(f"The address of {url.host} holds more than a place; give a key in {KEY_VARIABLE} only.")
    if url.scheme not in ("http", "https") or not url.host:
        raise InputError("--endpoint is no address; give one such as http://127.0.0.1:8080/v1.")
    return url if url.path.endswith(_PATH) else url.copy_with(path=url.path.rstrip("/") + _PATH)


def _content(response: httpx.Response) -> tuple[str, str | None]:
    """Return the text of a reply and the model that gave it."""
    try:
        body: Any = response.json()
        content = body["choices"][0]["message"]["content"]
        model = body.get("model")
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise NoReply("the reply is not that of a chat endpoint") from error
    return (content if isinstance(content, str) else json.dumps(content)), (model if isinstance(model, str) else None)


def _pause(response: httpx.Response) -> float:
    """Return the seconds to wait before the one retry."""
    told = response.headers.get("Retry-After", "")
    return min(float(told), _LONGEST_PAUSE) if told.isdigit() else 2.0
