"""Questions to start with, for each of the three groups of readers."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from assistant.ui.panels.blocks import Updates, html_block
from assistant.ui.texts import Texts

GROUPS = ("newcomer", "staff", "evaluator")
QUESTIONS_PER_GROUP = 3


@dataclass(frozen=True, slots=True)
class ExampleButton:
    """A button that asks one example question."""

    group: str
    position: int
    button: gr.Button

    def question(self, texts: Texts) -> str:
        """Return the question in the language of the page."""
        return texts.list(f"examples.{self.group}.questions")[self.position]


@dataclass(frozen=True, slots=True)
class ExamplesPanel:
    """The blocks of the examples."""

    container: gr.Column
    title: gr.HTML
    group_titles: tuple[gr.HTML, ...]
    buttons: tuple[ExampleButton, ...]


def render_title(texts: Texts) -> str:
    """Return the words above the examples."""
    return f"<h2>{texts('examples.title')}</h2>"


def render_group_title(texts: Texts, group: str) -> str:
    """Return the name of a group of readers."""
    return f"<h3>{texts(f'examples.{group}.title')}</h3>"


def build_examples(texts: Texts) -> ExamplesPanel:
    """Build the examples."""
    group_titles: list[gr.HTML] = []
    buttons: list[ExampleButton] = []
    with gr.Column(elem_id="examples") as container:
        title = html_block(render_title(texts))
        with gr.Row(elem_id="example-groups"):
            for group in GROUPS:
                with gr.Column(elem_classes="example-group", min_width=180):
                    group_titles.append(html_block(render_group_title(texts, group)))
                    for position, question in enumerate(texts.list(f"examples.{group}.questions")):
                        button = gr.Button(question, elem_classes="example")
                        buttons.append(ExampleButton(group, position, button))
    return ExamplesPanel(container, title, tuple(group_titles), tuple(buttons))


def examples_updates(panel: ExamplesPanel, texts: Texts) -> Updates:
    """Return what changes when the page speaks another language."""
    titles = {block: render_group_title(texts, group) for block, group in zip(panel.group_titles, GROUPS, strict=True)}
    buttons = {example.button: gr.update(value=example.question(texts)) for example in panel.buttons}
    return {panel.title: render_title(texts), **titles, **buttons}
