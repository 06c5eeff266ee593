import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# Before anything of ours or Gradio's is imported: no test speaks to the outside, or inherits a setting.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
for name in [one for one in os.environ if one.startswith("ASSISTANT_")]:
    del os.environ[name]

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")
ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.hookimpl(tryfirst=True)  # before the one that reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares its fixtures on one worker: the tests of a module, and those that share a page."""
    for item in items:
        shares_page = "address" in getattr(item, "fixturenames", ()) and item.path.parent.name == "browser"
        own_site = hasattr(item, "module") and hasattr(item.module, "site")
        item.add_marker(pytest.mark.xdist_group("page" if shares_page and not own_site else item.path.stem))


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail any attempt to reach another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with other people's data, or skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the data in {SHARED}")
    return SHARED
