"""A chat model that runs in this process: a GGUF file in llama.cpp, through xllamacpp."""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from assistant.errors import ModelError

_QUIET = -1
_PROMPT_CACHE_MB = 256
"""For the state after prompts that were read before; the instructions then cost nothing again."""


class LocalChatModel(BaseChatModel):
    """A LangChain chat model without a server: one reply at a time, safe to call from several threads.

    A reader that stops early ends the reply at its next token.
    """

    file: str
    temperature: float = 0
    max_tokens: int = 320
    _engine: Any = PrivateAttr()
    _turn: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @classmethod
    def load(cls, file: Path, context: int, threads: int | None, temperature: float, max_tokens: int) -> Self:
        """Load a GGUF file with a window of `context` tokens. Raises ModelError."""
        try:
            import xllamacpp  # 100 MB of machine code, which only this kind of model needs
        except ImportError as error:
            raise ModelError(
                "A language model in this process needs the package xllamacpp: `pip install .[local-llm]`."
            ) from error
        options = xllamacpp.CommonParams()
        options.model.path = str(file)
        options.n_ctx = context
        options.n_parallel = 1
        options.cpuparams.n_threads = options.cpuparams_batch.n_threads = threads or os.cpu_count() or 1
        options.cache_ram_mib = _PROMPT_CACHE_MB
        options.warmup = False
        options.verbosity = _QUIET
        # The package opens a port of its own on loopback whatever it is told; nobody else has the key to it.
        options.api_keys = [secrets.token_hex(16)]
        options.endpoint_slots = options.endpoint_props = options.ui = False
        try:
            with _silent():
                engine = xllamacpp.Server(options)
        except RuntimeError as error:
            raise ModelError(
                f"llama.cpp cannot load {file}: it may be damaged, or too large for the memory."
            ) from error
        model = cls(file=str(file), temperature=temperature, max_tokens=max_tokens)
        model._engine = engine
        return model

    @property
    def _llm_type(self) -> str:
        return "llama.cpp"

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"file": Path(self.file).name, "temperature": self.temperature, "max_tokens": self.max_tokens}

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        request: dict[str, Any] = {
            "messages": [{"role": _role(one), "content": str(one.text)} for one in messages],
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "stream": True,
            "cache_prompt": True,
            "stop": stop or [],
        }
        events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        gone = threading.Event()
        # No daemon: Python ends such a thread inside llama.cpp, which takes the whole process down with a complaint.
        threading.Thread(target=self._reply, args=(request, events, gone), name="llama.cpp", daemon=False).start()
        try:
            while (event := events.get()) is not None:
                if isinstance(event, Exception):
                    raise event
                if text := _text(event):
                    chunk = ChatGenerationChunk(message=AIMessageChunk(content=text))
                    if run_manager:
                        run_manager.on_llm_new_token(text, chunk=chunk)
                    yield chunk
            yield ChatGenerationChunk(message=AIMessageChunk(content="", chunk_position="last"))
        finally:
            gone.set()

    def _reply(self, request: Mapping[str, Any], events: queue.SimpleQueue[Any], gone: threading.Event) -> None:
        """Put what llama.cpp streams into the queue; it stops when told that nobody listens."""

        def take(event: Any) -> bool:
            events.put(event)
            return gone.is_set() or not threading.main_thread().is_alive()

        try:
            with self._turn:
                if not gone.is_set():
                    self._engine.handle_chat_completions(request, take)
            events.put(None)
        except Exception as error:  # noqa: BLE001 - it has to reach the thread that reads
            events.put(error)


def _role(message: BaseMessage) -> str:
    """Return what llama.cpp calls the sender of a message."""
    if isinstance(message, SystemMessage):
        return "system"
    return "user" if isinstance(message, HumanMessage) else "assistant"


def _text(event: Mapping[str, Any]) -> str:
    """Return the words of one event of the stream. Raises RuntimeError for an error of llama.cpp."""
    if "error" in event:
        raise RuntimeError(str(event["error"].get("message", "llama.cpp failed")))
    choices = event.get("choices") or [{}]
    return str((choices[0].get("delta") or {}).get("content") or "")


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Keep what llama.cpp writes to standard error while it loads off the terminal: one line of ours says more."""
    saved = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)
