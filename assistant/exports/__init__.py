"""Answers and conversations in a form that can be taken along: JSON, Markdown, HTML, plain text, PDF and a link."""

from assistant.exports.conversation import (
    Conversation,
    conversation_as_dict,
    conversation_as_json,
    conversation_of,
    file_name,
)
from assistant.exports.html import answer_as_html
from assistant.exports.links import AnswerLink, answer_link, read_answer_link
from assistant.exports.markdown import answer_as_markdown, conversation_as_markdown
from assistant.exports.pdf import conversation_as_pdf
from assistant.exports.plain import answer_as_text
from assistant.exports.restored import conversation_in, read_conversation
from assistant.exports.words import PageLanguage

__all__ = [
    "AnswerLink",
    "Conversation",
    "PageLanguage",
    "answer_as_html",
    "answer_as_markdown",
    "answer_as_text",
    "answer_link",
    "conversation_as_dict",
    "conversation_as_json",
    "conversation_as_markdown",
    "conversation_as_pdf",
    "conversation_in",
    "conversation_of",
    "file_name",
    "read_answer_link",
    "read_conversation",
]
