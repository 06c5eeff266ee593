"""An answer as HTML for the clipboard: all that the plain text says, and nothing that was quoted becomes markup."""

from dataclasses import replace
from typing import Any

import pytest
from test_exports import ANSWER, CITATION
from test_ui_rendering import HOSTILE, Tags

from assistant.exports import answer_as_html, answer_as_text
from assistant.types import Note, Sentence, Source


def test_everything_that_the_plain_text_says_is_there_in_both_languages() -> None:
    for language in ("nl", "en"):
        page = Tags(answer_as_html(ANSWER, language))
        shown = "".join(page.text.split())
        for line in answer_as_text(ANSWER, language).splitlines():
            # The address of a source is behind its title.
            said = line.strip().removeprefix("- ").removesuffix(f", {CITATION.sources[0].url}").partition(". Dit ")[0]
            said = said.partition(". These ")[0]
            assert "".join(said.split()) in shown, line


def test_a_list_stays_a_list_and_a_source_can_be_opened() -> None:
    page = Tags(answer_as_html(ANSWER, "en"))
    assert page.find("a") == [{"href": "https://example.org/r"}] * 2
    assert page.find("span", lang="nl") and page.find("span", lang="en")
    assert "<ul><li>" in answer_as_html(ANSWER, "en")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_documents_and_people_wrote_is_shown_and_does_nothing(text: str) -> None:
    source = Source(text, text, text, text, text, "A", f"javascript:{text}")
    citation = replace(CITATION, title=text, heading=text, page_label=text, quote=text, sources=(source,))
    changes: dict[str, Any] = {
        "question": text,
        "message": text,
        "sentences": (Sentence(text, (1,), "nl"),),
        "citations": (citation,),
        "nearest": (citation,),
        "notes": (Note("aged", text),),
    }
    page = Tags(answer_as_html(replace(ANSWER, **changes), "nl"))
    assert {tag for tag, _ in page.tags} <= {"p", "strong", "em", "span", "ul", "li", "br"}
    assert all(set(attributes) <= {"lang"} for _, attributes in page.tags)
    assert page.text.count(text.replace("\x00", "�").strip()) >= 5
