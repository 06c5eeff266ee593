"""Why an original was not fetched: errors that may pass, errors that will not, and a run that was stopped."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpcore
import httpx

from assistant.errors import NotFetched

_LONGEST_SHOWN = 120


class Transient(NotFetched):
    """It may work a little later; `retry_after` is the pause in seconds that the host asked for."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Take the message for people."""
        super().__init__(message)
        self.retry_after = retry_after


class Stopped(Exception):
    """The run was ended from outside; this is nobody's fault and is not reported."""


def shown(text: str) -> str:
    """Return a stranger's text as it may stand in a message: short, without control characters."""
    plain = "".join(one if one.isprintable() else "?" for one in text)
    return plain if len(plain) <= _LONGEST_SHOWN else plain[:_LONGEST_SHOWN] + "…"


@contextmanager
def network_faults(host: str) -> Iterator[None]:
    """Turn what goes wrong on the way to a host into sentences for people."""
    name = shown(host)
    try:
        yield
    except httpcore.ConnectTimeout as error:
        raise Transient(f"{name} did not take the connection in time; try again later.") from error
    except httpcore.TimeoutException as error:
        raise Transient(f"{name} stopped answering; try again later.") from error
    except httpcore.ConnectError as error:
        raise _connect_fault(name, error) from error
    except httpcore.NetworkError as error:
        raise Transient(f"The connection to {name} broke off; try again later.") from error
    except httpcore.RemoteProtocolError as error:
        raise _protocol_fault(name, error) from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, httpx.InvalidURL, UnicodeError) as error:
        raise NotFetched(
            f"{name} cannot be asked ({shown(str(error))}); correct the address in the register."
        ) from error


def _connect_fault(name: str, error: httpcore.ConnectError) -> NotFetched:
    """Return the fault of a connection that was not made; a certificate will not mend itself in a minute."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NotFetched(
                f"{name} does not prove that it is {name} ({shown(cause.verify_message)}); open it in a browser "
                "to see whether its certificate is valid."
            )
        cause = cause.__cause__
    return Transient(f"{name} cannot be connected to ({shown(str(error))}); try again later.")


def _protocol_fault(name: str, error: httpcore.RemoteProtocolError) -> NotFetched:
    """Return the fault of an answer that is no proper HTTP."""
    text = str(error)
    if "without sending" in text or "disconnected" in text:
        return Transient(f"{name} broke off before the file was complete; try again later.")
    if "too long" in text:
        return NotFetched(f"{name} sends headers without end; it cannot be fetched from.")
    return NotFetched(f"{name} does not answer as a web server does ({shown(text)}); it cannot be fetched from.")
