"""Where the templates stand, and how the typesetter is called: without the fonts of this machine, which differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent.parent / "data" / "typesetting"
OPTIONS: dict[str, Any] = {"root": str(TEMPLATES), "ignore_system_fonts": True}
