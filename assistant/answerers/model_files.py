"""The files of language models that run in this process: given as a path, or fetched once under a short name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ModelError

SUFFIX = ".gguf"
_BLOCK = 1 << 20
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Preset:
    """A file on the Hugging Face Hub, with what it must be."""

    name: str
    repository: str
    revision: str
    file: str
    sha256: str
    size: int
    """In bytes."""
    licence: str


# Hashes and sizes as the Hub gives them for these files; both models may be used and passed on freely.
PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "qwen2.5-1.5b",
            "Qwen/Qwen2.5-1.5B-Instruct-GGUF",
            "main",
            "qwen2.5-1.5b-instruct-q4_k_m.gguf",
            "6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e",
            1_117_320_736,
            "Apache-2.0",
        ),
        Preset(
            "qwen3-4b",
            "bartowski/Qwen_Qwen3-4B-Instruct-2507-GGUF",
            "ae44f08e1392f39c0e474af10c3ff8355c8b6688",
            "Qwen_Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
            "2fde00ce69dd4899c70d020845e2638353015bba0fdf161b3eb965f2bca4464e",
            2_497_280_736,
            "Apache-2.0",
        ),
    )
}


def is_local(model: str) -> bool:
    """Tell whether a name means a model that runs in this process."""
    return model in PRESETS or model.lower().endswith(SUFFIX)


def model_file(model: str) -> Path:
    """Return the file of a model that runs in this process, fetched where it has to be. Raises ModelError."""
    if model in PRESETS:
        return fetched(PRESETS[model])
    path = Path(model).expanduser()
    if not path.is_file():
        raise ModelError(f"There is no model file {path}; correct the path, or use one of {', '.join(PRESETS)}.")
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ModelError(f"{path} is no GGUF file; fetch it again, or use one of {', '.join(PRESETS)}.")
    return path


def fetched(preset: Preset, endpoint: str | None = None, cache: Path | None = None) -> Path:
    """Return a preset's file out of the cache of the Hub, fetched and checked at the first use.

    `endpoint` and `cache` replace the Hub's address and the folder of its cache. Raises ModelError.
    """
    from huggingface_hub import hf_hub_download  # loads an HTTP stack, which only a first use needs
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    def file(local: bool) -> Path:
        return Path(
            hf_hub_download(
                preset.repository,
                preset.file,
                revision=preset.revision,
                endpoint=endpoint,
                cache_dir=cache,
                local_files_only=local,
                # The file is public: a token that lies on this machine has no business there.
                token=False,
            )
        )

    try:
        path = file(local=True)
    except LocalEntryNotFoundError:
        try:
            path = file(local=False)
        except (HfHubHTTPError, OSError, ValueError) as error:
            raise ModelError(
                f"The model {preset.name} ({preset.size // _MB} MB) cannot be fetched from {preset.repository} "
                f"({type(error).__name__}): go online for the first use, or set ASSISTANT_LLM to the path of a "
                f"{SUFFIX} file."
            ) from error
    _check(preset, path)
    return path


def _check(preset: Preset, path: Path) -> None:
    """Make sure that a file is the one that was pinned; once it is, a mark beside it spares the next start the hash."""
    blob = path.resolve()
    stat = blob.stat()
    seen = f"{preset.sha256} {stat.st_size} {stat.st_mtime_ns}"
    mark = blob.with_name(f"{blob.name}.checked")
    if mark.is_file() and mark.read_text(encoding="utf-8") == seen:
        return
    if stat.st_size != preset.size or _sha256(blob) != preset.sha256:
        path.unlink(missing_ok=True)
        blob.unlink(missing_ok=True)
        raise ModelError(
            f"What was fetched for the model {preset.name} is not the file that was pinned, and has been deleted; "
            "try again, or set ASSISTANT_LLM to the path of a file that you trust."
        )
    mark.write_text(seen, encoding="utf-8")


def _sha256(path: Path) -> str:
    """Return the hash of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
