import pytest

from assistant.errors import SettingsError
from assistant.settings import load_settings


def test_the_environment_overrides_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_RETRIEVER__TOP_K", "7")
    settings = load_settings()
    assert settings.retriever.top_k == 7 and settings.retriever.candidates == 100


def test_an_override_goes_before_the_environment_and_leaves_the_rest_of_its_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSISTANT_RETRIEVER__TOP_K", "7")
    monkeypatch.setenv("ASSISTANT_RETRIEVER__CANDIDATES", "50")
    settings = load_settings({"retriever": {"top_k": 3}})
    assert (settings.retriever.top_k, settings.retriever.candidates) == (3, 50)


@pytest.mark.parametrize("name", ["ASSISTANT_TOPK", "ASSISTANT_RETRIEVER__TOPK", "assistant_typo"])
def test_an_unknown_name_is_an_error_that_names_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsError, match=name):
        load_settings()


def test_a_value_out_of_bounds_is_an_error_that_says_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_RETRIEVER__TOP_K", "0")
    with pytest.raises(SettingsError, match=r"retriever\.top_k cannot be '0'.*ASSISTANT_RETRIEVER__TOP_K"):
        load_settings()


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_CHROMA_URL", "http://user:geheim@127.0.0.1:8000")
    assert "geheim" not in repr(load_settings())
