"""The page that Gradio renders, made ours: its title, its style, and what it says without JavaScript."""

from __future__ import annotations

import re

from assistant.ui.texts import DEFAULT_LANGUAGE, LANGUAGES, texts_in

_CONFIG_BEGINS = "<script>window.gradio_config"
STYLES = (
    "page",
    "chat",
    "sources",
    "examples",
    "history",
    "feedback",
    "evaluator",
    "suggestions",
    "overview",
    "keeping",
)
"""Style sheets, in the order in which they apply."""
# Link previews that name Gradio, and a manifest for installing the page, at an address without the root path.
_PREVIEW_TAGS = re.compile(r"<(?:meta\s+(?:property=\"og:|name=\"twitter:)|link\s+rel=\"manifest\")[^>]*/>\s*")


def own_page(page: str) -> str:
    """Return Gradio's page with our head.

    Gradio names itself in link previews, leaves the title to a script, and adds styles only once its
    own scripts have run, so that the page would first show in Gradio's look.
    """
    head, config, rest = page.partition(_CONFIG_BEGINS)
    title = texts_in(DEFAULT_LANGUAGE)("page.title")
    description = texts_in(DEFAULT_LANGUAGE)("page.what_it_is")
    # Addresses are relative, so that the page also works below a path of a reverse proxy.
    styles = "".join(f'<link rel="stylesheet" href="page/{name}.css">' for name in STYLES)
    ours = (
        f'<title>{title}</title><meta name="description" content="{description}">'
        f'<link rel="icon" href="page/icon.svg" type="image/svg+xml">{styles}'
        '<script type="module" src="page/page.js"></script>'
    )
    without_scripts = "".join(
        f'<p lang="{language}">{texts_in(language)("page.needs_javascript")}</p>' for language in LANGUAGES
    )
    head = _PREVIEW_TAGS.sub("", head).replace('lang="en"', f'lang="{DEFAULT_LANGUAGE}"', 1)
    rest = rest.replace("</head>", f"{ours}</head>", 1)
    return head + config + re.sub(r"(<body[^>]*>)", rf"\1<noscript>{without_scripts}</noscript>", rest, count=1)
