"""What the panels share: how they show our own HTML, and how they say what changes."""

from __future__ import annotations

from typing import Any

import gradio as gr

Updates = dict[Any, Any]
"""New values by Gradio block."""


def html_block(content: str, name: str | None = None) -> gr.HTML:
    """Return a block with our HTML: without Gradio's look and without its click event."""
    return gr.HTML(content, elem_id=name, js_on_load=None, apply_default_css=False)
