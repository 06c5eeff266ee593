"""Which chat model answers: any that LangChain knows, or a file that runs in this process."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import BaseChatModel

from assistant.answerers.local_llm import LocalChatModel
from assistant.answerers.model_files import PRESETS, SUFFIX, is_local, model_file
from assistant.errors import ModelError
from assistant.settings import LlmSettings

_NO_KEY = "none"
_FORMS = (
    "give it as provider:model, such as openai:gpt-4.1-mini or ollama:llama3.2, with ASSISTANT_LLM__API_KEY where it "
    f"needs a key; or give a {SUFFIX} file or one of {', '.join(PRESETS)}"
)
_AZURE = "azure_openai"
"""Its address is always one's own, so the key of the environment is meant for it."""


def load_chat_model(model: str, options: LlmSettings) -> BaseChatModel:
    """Load the model of that name, with the limits of the settings. Raises ModelError.

    A server behind `base_url` gets the key of these settings or none: never the one that the environment holds for
    a provider's own address.
    """
    if is_local(model):
        return LocalChatModel.load(
            model_file(model),
            context=options.context_tokens,
            threads=options.threads,
            temperature=options.temperature,
            max_tokens=options.max_tokens,
        )
    return _hosted(model, options)


def _hosted(model: str, options: LlmSettings) -> BaseChatModel:
    """Return a model behind an address."""
    from langchain.chat_models import init_chat_model  # loads LangChain's agents as well, which takes half a second

    provider, _, name = model.partition(":")
    if not provider or not name:
        raise ModelError(f"{model!r} names no language model: {_FORMS}.")
    try:
        chat: BaseChatModel = init_chat_model(name, model_provider=provider, **_arguments(provider, options))
    except ImportError as error:
        raise ModelError(
            f"The model {model} needs a package that is not installed: `pip install {_package(error)}`."
        ) from error
    except Exception as error:
        # Every provider has errors of its own for a missing key, address or version; they may repeat the key.
        raise ModelError(f"The model {model} cannot be used ({type(error).__name__}): {_FORMS}.") from error
    return chat


def _arguments(provider: str, options: LlmSettings) -> dict[str, Any]:
    """Return the settings under the names that a provider's class gives them."""
    if provider == "ollama":
        # Ollama counts tokens under another name, and takes its time limit as an option of its HTTP client.
        return _given(
            base_url=options.base_url,
            temperature=options.temperature,
            num_predict=options.max_tokens,
            client_kwargs={"timeout": options.total_seconds},
        )
    key = options.api_key.get_secret_value() if options.api_key else None
    if key is None and options.base_url and provider != _AZURE:
        key = _NO_KEY
    address = "azure_endpoint" if provider == _AZURE else "base_url"
    return _given(
        api_key=key,
        temperature=options.temperature,
        max_tokens=options.max_tokens,
        timeout=options.total_seconds,
        max_retries=0,
        **{address: options.base_url},
    )


def _given(**values: Any) -> dict[str, Any]:
    """Return the arguments that have a value: what is not given, the provider decides."""
    return {name: value for name, value in values.items() if value is not None}


def _package(error: ImportError) -> str:
    """Return the name of the package on PyPI that an import needs."""
    module = (error.name or "") or str(getattr(error.__cause__, "name", "") or "langchain")
    return module.split(".")[0].replace("_", "-")
