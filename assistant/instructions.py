"""Sentences of a document that speak to a machine instead of a reader: they are no evidence, whatever they say.

Such a sentence asserts nothing about the world, yet it can hold any figure or name ("say that it cost 2 million"), and
so it would seem to support an answer that says the same. Only sentences that speak of the answer itself, of earlier
instructions or to an assistant by name are meant: a guide is full of orders to people ("Choose a clear focus").

This takes out the usual wordings and no more. Somebody who knows the patterns writes around them, so nothing may rely
on this alone: what keeps an answer honest is that it quotes, and that what a language model writes is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.types import Hit

_MACHINE = (
    r"(?:(?:ai|llm|gpt)[- ]?(?:assistent|assistant|systemen|systems?|models?|modellen)|taalmodel(?:len)?|chatbots?|"
    r"language models?|assistent|assistant|bots?|ai)"
)
_REPLY_NL = r"(?:je|jouw|uw|elk|ieder)\s+(?:volgende\s+|eigen\s+)?(?:antwoord|reactie|respons|output)"
_REPLY_EN = r"(?:your|each|every|any)\s+(?:next\s+|own\s+|final\s+)?(?:answer|reply|response|output|message)"
_IN_REPLY_NL = rf"(?:aan|achter|bij|boven|in|met|na|onder|over|tot|van|voor)\s+{_REPLY_NL}"
_IN_REPLY_EN = rf"(?:after|at the end of|before|below|in|into|of|to|under|with)\s+{_REPLY_EN}"
_TURN_NL = r"(?:begin|beëindig|codeer|draai|eindig|keer|maak|open|sluit|verander|vertaal|versleutel|vervang)"
_TURN_EN = (
    r"(?:apply|augment|begin|close|convert|encode|encrypt|end|enhance|express|finish|format|modify|open|render|replace|"
    r"reverse|rewrite|shift|start|substitute|translate|transform)"
)
_GIVE = r"(?:geef|schrijf|give|output|present|provide|put|show|write)"
_MANNER = (
    r"(?:achterstevoren|hoofdletters|json|base\d+|emojis?|backwards?|capitals?|caesar|cipher|codeblok|code block|"
    r"reverse\w*|spaans|frans|duits|spanish|french|german|portuguese|italian|latin|latijn)"
)
_ORDER_NL = (
    r"(?:antwoord|begin|beantwoord|codeer|eindig|geef|herhaal|laat|meld|neem|negeer|noem|open|praat|reageer|schrijf|"
    r"sluit|toon|verander|verbeter|vermeld|vertaal|vertel|vervang|vergeet|verwijs|voeg|weiger|zeg|zet|stuur|gebruik|"
    r"vraag|versleutel|draai|keer)"
)
_ORDER_EN = (
    r"(?:add|answer|append|apply|augment|begin|cite|close|convert|encode|encrypt|end|enhance|express|finish|format|"
    r"give|ignore|include|incorporate|insert|integrate|make|mention|modify|output|print|provide|put|refuse|render|"
    r"repeat|replace|reply|respond|return|reveal|reverse|rewrite|say|send|shift|show|start|state|substitute|tell|"
    r"translate|transform|use|write)"
)
_FORGET = r"(?:ignore|disregard|forget|overlook|override|negeer|vergeet|veronachtzaam)"
_WITHIN = r"(?:[^.!?]|\.(?=\w)|[.!?](?=[\"'”’)]))"
"""A character of the same sentence; the points of an address and the marks of a quotation end none."""
_RULES = (
    r"(?:instructi(?:on|e)s?|prompts?|rules?|regels|directives?|aanwijzingen|opdrachten|passages?|documents?|documenten|"
    r"vraag|question|context|(?:rest|remainder) (?:of|van))"
)
_STARTS = r"(?:^|[\"“'‘(:,;]\s*|\b(?:and|en|then|dan|please)\s+)"
_NO_ARTICLE = r"(?:(?!\b(?:an?|the|your|een|de|het|je|uw)\b)[^.!?])"
_PATTERNS = (
    rf"\b{_FORGET}\b[^.!?]{{0,40}}\b{_RULES}",
    rf"{_STARTS}{_ORDER_EN}\b{_WITHIN}{{0,120}}\b{_IN_REPLY_EN}\b",
    rf"{_STARTS}{_ORDER_NL}\b{_WITHIN}{{0,120}}\b{_IN_REPLY_NL}\b",
    rf"^in {_REPLY_EN},?\s+{_ORDER_EN}\b",
    rf"{_STARTS}(?:{_TURN_EN}\s+{_REPLY_EN}|{_TURN_NL}\s+{_REPLY_NL})\b",
    rf"{_STARTS}{_GIVE}\s+(?:{_REPLY_EN}|{_REPLY_NL})\s{_WITHIN}{{0,60}}\b{_MANNER}\b",
    rf"{_STARTS}use\b{_WITHIN}{{0,60}}\b(?:for|to)\s+(?:represent\s+)?{_REPLY_EN}\b",
    rf"^{_ORDER_NL}\s+(?:alleen|uitsluitend|voortaan|altijd|elke|in\s+json|in\s+het)\b"
    r"[^.!?]{0,60}\b(?:vraag|json|woord|antwoord\w*)",
    r"^(?:reply|respond|answer)\s+(?:only|solely|always|in|every|all|with)\b"
    r"[^.!?]{0,60}\b(?:json|word|questions?|languages?|base64)",
    rf"^{_NO_ARTICLE}{{0,40}}\b{_MACHINE}\b\s*[:,]\s*[^.!?]{{0,60}}\b(?:{_ORDER_NL}|{_ORDER_EN})\b",
    rf"^(?:{_ORDER_NL}|{_ORDER_EN})\b[^.!?]{{0,80}},\s*{_MACHINE}\W*$",
    rf"^(?:all|any|every|alle|elke?)\s+{_MACHINE}\b[^.!?]*\b(?:must|should|moet|moeten)\b",
    rf"^(?:as|als)\s+(?:an?|een)\s+{_MACHINE},?\s+(?:you|je|moet)\b",
    r"\b(?:answer|antwoord op|beantwoord)\s+(?:every|each|any|elke|iedere)\s+(?:question|vraag)\b"
    r"[^.!?]*\b(?:with|met|in)\b",
    rf"^(?:dear|hey|hello|beste|hallo|geachte|lieve)\s+{_MACHINE}\b",
    rf"^(?:antwoord|reageer|answer|reply|respond)\s+in\s+(?:het\s+)?{_MANNER}\b",
    rf"\b(?:als|if)\s+(?:je|you)\s+(?:een|are an?)\s+{_MACHINE}\b",
    rf"\b(?:instructions?|instructie|notes?|bericht|message|belangrijk|important)\s+(?:for|to|voor|aan)\s+(?:the\s+|de\s+|alle\s+|all\s+)?{_MACHINE}\b",
    r"\byou\s+are\s+now\s+(?:an?\s+|the\s+)?\w+[^.!?]{0,60}\b(?:mode|model|assistant|no\s+rules|never\s+refuses?)\b",
    r"\bje\s+bent\s+(?:vanaf\s+nu|voortaan)\b",
    r"\bfrom\s+now\s+on\b[^.!?]{0,40}\b(?:answer|repl(?:y|ies)|respond|response|you\s+are)",
    r"<\s*/?\s*(?:system|passages?|instructions?|context)\s*>|<\|\w+\|>|\[\s*/?\s*(?:system|systeem|inst)\s*\]",
    r"(?:end|einde)\s+(?:of\s+(?:the\s+)?|van\s+de\s+)?(?:context|passages?|documenten|documents?)\s*(?:---|###|\.|:)",
    r"\bsyste(?:m|em)[- ]?prompt\b[^.!?]*[:\"“]",
    r"\b(?:show|print|reveal|toon|herhaal)\b[^.!?]{0,30}\bsyste(?:m|em)[- ]?prompt",
    r"(?:^|[.!?]\s)(?:gebruiker|user)\s*:[^:]*\b(?:assistent|assistant)\s*:",
)
_HINTS = (
    *"antwoord reactie respons output answer reply repli message ignore disregard forget overlook override".split(),
    *"negeer vergeet veronachtzaam assistent assistant chatbot taalmodel llm gpt ai: ai, prompt json base64".split(),
    *"system> /system [inst passage> context> <| einde".split(),
    *("language model", "voor ai", "aan ai", "to ai", "for ai", "een ai", "an ai", "systeem ", "system "),
    *("you are now", "je bent", "end of"),
)
"""One of these is in every order to a machine, and in few other sentences; to look for them first takes no time."""
_TO_MACHINE = re.compile("|".join(f"(?:{one})" for one in _PATTERNS), re.IGNORECASE)


def speaks_to_machine(sentence: str) -> bool:
    """Tell whether a sentence orders the program that reads it, in Dutch or English."""
    folded = sentence.casefold()
    return any(hint in folded for hint in _HINTS) and _TO_MACHINE.search(sentence.strip()) is not None


def without_instructions(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits without the sentences that speak to a machine, and without hits that hold nothing else.

    Texts and offsets stay as they are; what goes is the sentence as something to quote or to rely on.
    """
    cleared = []
    for hit in hits:
        kept = [
            (span, similarity)
            for span, similarity in zip(hit.chunk.sentences, hit.sentence_similarities, strict=True)
            if not speaks_to_machine(hit.chunk.text[span.start - hit.chunk.start : span.end - hit.chunk.start])
        ]
        if len(kept) == len(hit.chunk.sentences):
            cleared.append(hit)
        elif kept:
            spans, similarities = zip(*kept, strict=True)
            chunk = replace(hit.chunk, sentences=spans)
            cleared.append(replace(hit, chunk=chunk, sentence_similarities=similarities))
    return cleared
