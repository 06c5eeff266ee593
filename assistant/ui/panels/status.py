"""What kind of answer it is, in words above it, and what the assistant adds below it."""

from __future__ import annotations

from assistant.messages import sources_differ
from assistant.types import Answer, Fault, FaultKind, Note, Reason, Withheld
from assistant.ui.exchange import Exchange
from assistant.ui.markup import escape, lang, with_links
from assistant.ui.texts import Texts

_REFUSED: dict[Reason | None, tuple[str, str]] = {
    "nothing_found": ("absent", "chat.status_absent"),
    "insufficient": ("absent", "chat.status_absent"),
    "out_of_scope": ("absent", "chat.status_out_of_scope"),
    "unreadable_page": ("absent", "chat.status_unreadable"),
    "conflicting": ("differ", "chat.status_differ"),
    "unclear_question": ("clarify", "chat.status_clarify"),
}
_FAULTS: dict[FaultKind, str] = {
    "figure": "chat.fault_figure",
    "address": "chat.fault_address",
    "name": "chat.fault_name",
    "polarity": "chat.fault_polarity",
    "condition": "chat.fault_condition",
}


def status_of(answer: Answer) -> tuple[str, str] | None:
    """Return the kind of an answer (a class of chat.css) and the key of its words; None for small talk."""
    if answer.status == "refused":
        return _REFUSED.get(answer.reason, _REFUSED["nothing_found"])
    if answer.status == "clarify":
        return _REFUSED["unclear_question"]
    if answer.reason == "conflicting":
        return _REFUSED["conflicting"]
    if answer.status == "partial":
        return ("partial", "chat.status_partial")
    return ("found", "chat.status_found") if answer.sentences else None


def render_status(exchange: Exchange, texts: Texts) -> str:
    """Return the line that says what kind of answer follows; "" where there is nothing to say."""
    if exchange.answer is None:
        stopped = exchange.failure == "chat.stopped"
        return (
            _line("stopped", texts("chat.status_stopped")) if stopped else _line("failed", texts("chat.status_failed"))
        )
    found = status_of(exchange.answer)
    return _line(found[0], texts(found[1])) if found else ""


def _line(kind: str, words: str) -> str:
    """Return a line with a sign of its own, so that it is not told by colour alone."""
    return f'<p class="verdict {kind}"><span class="sign" aria-hidden="true"></span>{words}</p>'


def render_message(answer: Answer, texts: Texts) -> str:
    """Return what the assistant itself says before the sentences, unless the line above says just that."""
    if not answer.message or (answer.sentences and answer.message == sources_differ((), answer.language)):
        return ""
    kind = "message verdict-words" if answer.status == "answered" and answer.sentences else "message"
    return f'<p class="{kind}"{lang(answer.language)}>{with_links(answer.message, texts)}</p>'


def render_notes(answer: Answer, texts: Texts) -> str:
    """Return what the assistant adds below an answer, each kind in its own form."""
    return "".join(_note(note, answer, texts) for note in answer.notes)


def _note(note: Note, answer: Answer, texts: Texts) -> str:
    """Return one note; of sentences that were held back, it can be opened to see why."""
    words = f"<span{lang(answer.language)}>{escape(note.text)}</span>"
    sign = '<span class="sign" aria-hidden="true"></span>'
    if note.kind != "withheld" or not answer.withheld:
        return f'<p class="note {note.kind}">{sign}{words}</p>'
    rows = "".join(_withheld(one, answer, texts) for one in answer.withheld)
    return (
        f'<details class="note withheld"><summary>{sign}{words}'
        f' <span class="why">{texts("chat.withheld_why")}</span></summary>'
        f"<p>{texts('chat.withheld_explained')}</p><ul>{rows}</ul></details>"
    )


def _withheld(withheld: Withheld, answer: Answer, texts: Texts) -> str:
    """Return what a sentence asserted that its source does not; the sentence itself stays away."""
    return "<li>" + "; ".join(_fault(fault, answer, texts) for fault in withheld.faults) + "</li>"


def _fault(fault: Fault, answer: Answer, texts: Texts) -> str:
    """Return what kind of words were not in the source, and which."""
    return f"{texts(_FAULTS[fault.kind])}: <q{lang(answer.language)}>{escape(fault.words)}</q>"


def changes_in_words(exchange: Exchange, texts: Texts) -> str:
    """Return what has become of the sources of an answer that was kept; "" where all still hold."""
    gone = {
        "changed": ("chat.source_changed", "chat.sources_changed"),
        "withdrawn": ("chat.source_withdrawn", "chat.sources_withdrawn"),
        "damaged": ("chat.source_damaged", "chat.sources_damaged"),
    }
    told = []
    for state, (one, several) in gone.items():
        numbers = [str(source.citation.marker) for source in exchange.sources if source.state == state]
        if numbers and exchange.answer is not None and exchange.answer.citations:
            told.append(texts(one if len(numbers) == 1 else several, numbers=", ".join(numbers)))
    if exchange.answer is not None and any(sentence.verified is False for sentence in exchange.answer.sentences):
        told.append(texts("chat.sentence_altered"))
    return " ".join(told)


def render_changes(exchange: Exchange, texts: Texts) -> str:
    """Return the words above as a warning; "" where there are none."""
    told = changes_in_words(exchange, texts)
    return (
        f'<p class="note changed" role="note"><span class="sign" aria-hidden="true"></span>{told}</p>' if told else ""
    )
