"""Gradio's Blocks, without its work for what a step of an answer leaves as it is."""

from __future__ import annotations

from copy import copy
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.state_holder import SessionState


class PageHost(gr.Blocks):
    """Blocks that are cheap to update in part.

    Our handlers return a dictionary with the few blocks that change. Gradio builds each of the others anew
    all the same, which on this page took 30 ms per step of an answer and its event loop all of that time.
    """

    async def postprocess_data(
        self, block_fn: BlockFunction, predictions: list[Any] | dict[Any, Any], state: SessionState | None
    ) -> list[Any]:
        """Return the new values of a step in the order of its outputs; those that it leaves out stay."""
        if not isinstance(predictions, dict) or not predictions.keys() <= set(block_fn.outputs):
            values: list[Any] = await super().postprocess_data(block_fn, predictions, state)
            return values
        changing = [block for block in block_fn.outputs if block in predictions]
        narrowed = copy(block_fn)
        narrowed.outputs = changing
        new = [predictions[block] for block in changing]
        # Gradio takes the value of a single output as it is, and those of several as a list.
        made = await super().postprocess_data(narrowed, new if len(new) > 1 else new[0], state) if new else []
        by_block = dict(zip(changing, made, strict=True))
        return [by_block.get(block, None if block.stateful else gr.skip()) for block in block_fn.outputs]
