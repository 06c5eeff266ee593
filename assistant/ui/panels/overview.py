"""What the assistant can answer: its documents by kind and date, questions to ask, and what is missing."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence

import gradio as gr

from assistant.catalogue import Catalogue, Entry, Selection, select
from assistant.suggestions import Examples
from assistant.types import Language, Source
from assistant.ui.actions import Handler, Moment, Outcome
from assistant.ui.document_links import document_address
from assistant.ui.markup import escape, lang
from assistant.ui.page_blocks import Page
from assistant.ui.panels.blocks import Updates, html_block
from assistant.ui.panels.suggestions import render_question
from assistant.ui.texts import Texts

_log = logging.getLogger(__name__)
_ORDER = {
    kind: place
    for place, kind in enumerate(
        ("programme", "guide", "tool", "community", "organisation", "funding", "report", "glossary", "original")
    )
}
"""Kinds of documents that have a name on the page; other ones come after them."""
_PUBLISHERS = 8
"""As many are named; the page with all documents names the others."""


def render_frame(texts: Texts) -> str:
    """Return the button of the start page and the window that it opens, which overview.js fills when it does."""
    return (
        f'<p class="overview-entrance"><button type="button" class="tool" data-overview>{texts("overview.open")}'
        f'</button></p><dialog id="overview-window" aria-labelledby="overview-title"><div class="top">'
        f'<h2 id="overview-title">{texts("overview.title")}</h2>'
        f'<button type="button" class="tool" data-close>{texts("overview.close")}</button></div>'
        f'<div class="body" aria-busy="true"><p class="hint">{texts("overview.loading")}</p></div></dialog>'
    )


def render_overview(catalogue: Catalogue, examples: Examples, texts: Texts) -> str:
    """Return what stands in the window."""
    if not catalogue.entries:
        return f"<p>{texts('overview.empty')}</p>"
    dated, undated = _sources(catalogue)
    newest = texts.date(dated[0].date) if dated else ""
    return (
        f"<p>{texts('overview.about')}</p>{_facts(catalogue, dated, undated, texts)}"
        f"{_kinds(catalogue, examples, texts)}{_missing(catalogue, examples, newest, texts)}"
        f'<p class="all"><a href="corpus?lang={texts.language}">{texts("overview.corpus")}</a></p>'
    )


def build_overview(texts: Texts) -> gr.HTML:
    """Build the panel."""
    return html_block(render_frame(texts), "overview")


def overview_updates(panel: gr.HTML, texts: Texts) -> Updates:
    """Return what changes when the page speaks another language."""
    return {panel: render_frame(texts)}


def handlers(page: Page) -> dict[str, Handler]:
    """Return what a reader can do in the panel, by name."""

    def overview(moment: Moment) -> Outcome:
        texts = moment.texts
        try:
            backend = page.open_backend()
            content = render_overview(backend.catalogue(), backend.examples(texts.language), texts)
        except Exception:  # noqa: BLE001  the window says that it cannot be shown; the log keeps the cause
            _log.exception("the overview could not be made")
            content = f'<p class="problem">{texts("overview.not_now")}</p>'
        return Outcome({"html": content})

    return {"overview": overview}


def _sources(catalogue: Catalogue) -> tuple[list[Source], int]:
    """Return the published sources with a date, the newest first, and how many have none."""
    every = {source.id: source for entry in catalogue.entries for source in entry.sources}
    dated = [source for source in every.values() if source.date[:4].isdigit()]
    return sorted(dated, key=lambda source: source.date, reverse=True), len(every) - len(dated)


def _facts(catalogue: Catalogue, dated: Sequence[Source], undated: int, texts: Texts) -> str:
    """Return the figures of the collection."""
    entries = catalogue.entries
    both = sum(len(entry.versions) > 1 for entry in entries)
    count = str(len(entries))
    if both == len(entries):
        count = texts("overview.documents_all", count=count)
    elif both:
        count = texts("overview.documents_some", count=count, both=both)
    spoken = Counter(one.row.language for entry in entries for one in entry.versions)
    facts = {
        "overview.documents": count,
        "overview.languages": ", ".join(texts(f"place.language_{language}") for language, _ in spoken.most_common()),
    }
    if dated or undated:
        facts["overview.sources"] = str(len(dated) + undated)
    if dated:
        facts["overview.period"] = _period(dated, undated, texts)
        facts["overview.newest"] = _named(dated[0], texts)
        facts["overview.oldest"] = _named(dated[-1], texts)
    publishers = Counter(publisher for entry in entries for publisher in entry.values("publisher"))
    if publishers:
        facts["overview.publishers"] = _publishers([name for name, _ in publishers.most_common()], texts)
    rows = "".join(f"<div><dt>{texts(key)}</dt><dd>{escape(value)}</dd></div>" for key, value in facts.items())
    return f"<h3>{texts('overview.facts')}</h3><dl>{rows}</dl>"


def _period(dated: Sequence[Source], undated: int, texts: Texts) -> str:
    """Return from when until when the sources are."""
    oldest, newest = texts.date(dated[-1].date), texts.date(dated[0].date)
    period = oldest if oldest == newest else texts("overview.from_until", oldest=oldest, newest=newest)
    if not undated:
        return period
    return period + (texts("overview.undated_one") if undated == 1 else texts("overview.undated_too", count=undated))


def _named(source: Source, texts: Texts) -> str:
    """Return a source by its title, publisher and date."""
    return f"{source.title} ({source.publisher}, {texts.date(source.date)})"


def _publishers(names: Sequence[str], texts: Texts) -> str:
    """Return the publishers of most documents, and how many there are besides."""
    # One more is named where only one would be left.
    if len(names) <= _PUBLISHERS + 1:
        return ", ".join(names)
    shown = ", ".join(names[:_PUBLISHERS])
    return texts("overview.publishers_more", names=shown, count=len(names) - _PUBLISHERS)


def _kinds(catalogue: Catalogue, examples: Examples, texts: Texts) -> str:
    """Return every kind of document with questions and, folded, its titles; what a newcomer needs comes first."""
    of_kind: dict[str, list[Entry]] = {}
    for entry in select(catalogue, Selection(), texts.language):
        of_kind.setdefault(entry.version(texts.language).row.kind, []).append(entry)
    ordered = sorted(of_kind.items(), key=lambda one: (_ORDER.get(one[0], len(_ORDER)), -len(one[1])))
    parts = [_kind(kind, entries, examples.of_kind.get(kind, ()), texts) for kind, entries in ordered]
    return f"<h3>{texts('overview.kinds')}</h3>{''.join(parts)}"


def _kind(kind: str, entries: Sequence[Entry], questions: Sequence[str], texts: Texts) -> str:
    """Return one kind of document."""
    key = f"overview.kind.{kind}"
    name = texts(key) if key in texts.keys else kind.replace("-", " ").capitalize()
    count = texts("overview.titles_one") if len(entries) == 1 else texts("overview.titles", count=len(entries))
    titles = "".join(f"<li>{_title(entry, texts)}</li>" for entry in entries)
    asked = f'<p class="hint">{texts("overview.ask")}</p>{_questions(questions, texts.language)}' if questions else ""
    return (
        f'<section class="kind"><h4>{escape(name)}</h4>{asked}'
        f'<details><summary>{count}<span class="visually-hidden"> ({escape(name)})</span></summary>'
        f'<ul class="titles">{titles}</ul></details></section>'
    )


def _title(entry: Entry, texts: Texts) -> str:
    """Return the title of a document as a link to its page, with the date of its newest source."""
    row = entry.version(texts.language).row
    address = escape(document_address(row.id, texts.language))
    date = f' <span class="details">{escape(texts.date(entry.date))}</span>' if entry.date else ""
    return f'<a href="{address}" target="_blank" rel="noopener"{lang(row.language)}>{escape(row.title)}</a>{date}'


def _questions(questions: Sequence[str], language: Language) -> str:
    """Return questions as buttons that ask them."""
    rows = "".join(f"<li>{render_question(question, language)}</li>" for question in questions)
    return f'<ul class="questions">{rows}</ul>'


def _missing(catalogue: Catalogue, examples: Examples, newest: str, texts: Texts) -> str:
    """Return what is not in the documents, as far as that is known."""
    about = texts("overview.missing_about", newest=newest) if newest else texts("overview.missing_undated")
    parts = [f"<h3>{texts('overview.missing')}</h3><p>{about}</p>"]
    unread = sum(entry.is_partly_unread for entry in catalogue.entries)
    if unread:
        told = texts("overview.unread_one") if unread == 1 else texts("overview.unread", count=unread)
        parts.append(f"<p>{told}</p>")
    if examples.gaps:
        parts.append(f"<p>{texts('overview.missing_stated')}</p>{_questions(examples.gaps, texts.language)}")
    return "".join(parts)
