"""app.py in a process of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_SECONDS_TO_STOP = 60
"""More than it takes: on a busy machine, and with an ingest to wait for."""


@contextmanager
def serving(index: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """Serve an index on a free port; yields the address, and stops the program afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(ROOT / "app.py"), "--port", str(port), "--index", str(index)]
    environment = {**os.environ, **settings}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        assert process.stdout is not None
        assert f":{port}" in process.stdout.readline(), "app.py did not get ready"
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(_SECONDS_TO_STOP)
