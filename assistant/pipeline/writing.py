"""Let a language model write the answer, and fall back on quotes where it does not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from assistant import messages
from assistant.answerers.generative import GenerativeAnswerer
from assistant.citations import Numbering
from assistant.pipeline import composing, generated
from assistant.pipeline.composing import Verdict
from assistant.pipeline.work import Work
from assistant.settings import Settings
from assistant.types import Answer, Judgement, Note, Quote, SearchQuery, Sentence, Turn


class ModelWriter:
    """Writes answers with a language model, sentence by sentence, under the same promises as quotes."""

    def __init__(self, model: GenerativeAnswerer, settings: Settings, today: Callable[[], date]) -> None:
        """Take the model and the shape of an answer."""
        self._model = model
        self._settings = settings
        self._today = today

    def rewrite(self, query: SearchQuery, history: tuple[Turn, ...]) -> SearchQuery:
        """Return a follow-up in words of its own; as it was where the model has no better ones."""
        text = generated.rewrite(self._model, query, history)
        return query if text is None else replace(query, text=text)

    def takes(self, work: Work, verdict: Verdict) -> bool:
        """Tell whether the model is asked: not where the quotes are the answer, nor where hardly anything was found.

        A model reads the passages and so may find an answer that the signals did not see; what it then writes is
        shown with the remark that it may not be what was asked.
        """
        if not verdict.fixed:
            return True
        doubtful = verdict.status == "refused" and verdict.reason in ("insufficient", "nothing_found")
        return doubtful and work.judgement.probability >= self._settings.llm.ask_above

    def events(self, work: Work, verdict: Verdict) -> Iterator[Sentence | Answer]:
        """Yield each sentence that has passed the lock, and last the answer."""
        started = time.perf_counter()
        numbering = Numbering(composing.library_of(work.index))
        sentences: list[Sentence] = []
        quotes: list[Quote] = []
        outcome = generated.Outcome()
        for event in generated.write(self._model, work.query, work.hits):
            if isinstance(event, generated.Outcome):
                outcome = event
                continue
            sentence = replace(numbering.sentence(event.text, event.language, event.quotes), verified=True)
            sentences.append(sentence)
            quotes += event.quotes
            yield sentence
        work = work.timed("model_ms", started)
        if not sentences:
            answer = self._instead(work, verdict, outcome)
            yield from answer.sentences
            yield answer
            return
        if verdict.status == "refused":
            message = messages.partial(work.query.language)
            verdict = Verdict("partial", "insufficient", message, tuple(quotes))
        yield composing.answer_of(
            work,
            verdict,
            tuple(sentences),
            numbering.citations,
            quotes=quotes,
            withheld=outcome.withheld,
            today=self._today(),
            answerer=self._model.name,
        )

    def _instead(self, work: Work, verdict: Verdict, outcome: generated.Outcome) -> Answer:
        """Return quotes where the model wrote nothing that passed, or a refusal where it found no answer."""
        judgement = work.judgement
        if verdict.status == "refused":
            return composing.quoted(work, verdict, self._settings.answerer, self._today())
        if outcome.declined and judgement.probability < self._settings.llm.decline_below:
            declined = replace(work, judgement=Judgement(judgement.probability, "refused", "insufficient"))
            return composing.quoted(
                declined, composing.verdict_of(declined), self._settings.answerer, self._today()
            )  # fmt: skip
        answer = composing.quoted(work, verdict, self._settings.answerer, self._today())
        if outcome.declined:
            return answer
        note = Note("no_model", messages.no_model(work.query.language))
        return replace(answer, notes=(*answer.notes, note), withheld=(*answer.withheld, *outcome.withheld))
