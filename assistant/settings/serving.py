"""The web page, what it keeps, who may do what, and how it is served."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, IPvAnyNetwork, SecretStr, model_validator

from assistant.settings.group import Group


class ChatSettings(Group):
    """The web page."""

    concurrency: int = Field(4, ge=1, le=64, description="questions that are answered at the same time")
    queue_size: int = Field(64, ge=1, le=10_000, description="questions that may wait; more are refused")
    max_question_chars: int = Field(2000, ge=50, le=100_000)
    suggestions: int = Field(3, ge=0, le=3, description="next questions below an answer; 0 suggests none")
    suggestion_seconds: float = Field(
        0.5, ge=0, le=10, description="longest wait for them, while they are still being checked after an ingest"
    )


class CorpusAdminSettings(Group):
    """What staff can do to the documents from the page."""

    paths: tuple[Path, ...] = Field((Path("corpus"),), min_length=1, description="what ingest reads by default")
    directory: Path = Field(Path("documents"), description="own documents, added on the page; read with the paths")


class PictureSettings(Group):
    """Pages of cited PDFs as pictures, and the limits within which one is drawn, in a process of its own."""

    width: int = Field(1240, ge=200, le=5000, description="pixels, at most; 1240 is A4 at 150 dots per inch")
    max_pixels: int = Field(4_000_000, ge=100_000, le=50_000_000, description="of a whole page")
    seconds: float = Field(15, gt=0, le=300, description="time for one picture")
    memory_mb: int = Field(1024, ge=256, description="address space of the process")
    cache_mb: float = Field(32, ge=0, le=10_000, description="memory for pictures that were made")
    waiting: int = Field(12, ge=1, le=1000, description="requests that may wait for a picture; more are refused")


class FeedbackSettings(Group):
    """What readers and evaluators say of the answers, and how long it is kept."""

    enabled: bool = Field(True, description="False: nothing is asked, shown or stored")
    database: SecretStr = Field(
        SecretStr("sqlite:///feedback/feedback.db"),
        min_length=1,
        description="an SQLAlchemy URL; another database than SQLite needs its driver installed",
    )
    retention_days: int | None = Field(180, ge=1, le=36_500, description="older feedback is removed; null keeps it")
    max_comment_chars: int = Field(2000, ge=50, le=100_000)
    busy_seconds: float = Field(5, gt=0, le=300, description="how long a database may take to connect or to unlock")
    cases_file: Path | None = Field(
        None, description="where evaluators add cases; evals/cases/from-page.jsonl by default, if that folder is there"
    )


class AccessSettings(Group):
    """Who may do what; a role without a password does not exist, and everybody may read."""

    password: SecretStr | None = Field(None, min_length=8, description="of readers; none lets everybody read and ask")
    user: str | None = Field(None, min_length=1, max_length=200, description="name that readers give with it")
    evaluator_password: SecretStr | None = Field(None, min_length=8, description="opens the evaluator mode")
    staff_password: SecretStr | None = Field(
        None, min_length=8, description="opens the management of documents, and the evaluator mode"
    )
    session_hours: float = Field(12, ge=0.01, le=8760, description="after that one has to sign in again")
    session_key: SecretStr | None = Field(
        None, min_length=32, description="signs sessions; by default a new one at every start, which ends them"
    )
    failed_attempts: int = Field(
        10, ge=1, le=1000, description="wrong passwords of one address in five minutes; ten times that of all addresses"
    )

    @model_validator(mode="after")
    def _check(self) -> AccessSettings:
        """Refuse passwords that would not tell the roles apart."""
        secrets = (self.password, self.evaluator_password, self.staff_password)
        given = [secret.get_secret_value() for secret in secrets if secret is not None]
        if len(set(given)) < len(given):
            raise ValueError("two roles have the same password; give each role its own")
        if self.user is not None and self.password is None:
            raise ValueError("user is set without password; set both, or neither")
        return self


class ServeSettings(Group):
    """How the page is served to others: behind which proxy, to whom how much, and what is told about it."""

    root_path: str = Field(
        "",
        pattern=r"^(/[A-Za-z0-9._~-]+)*$",
        description="path below which a reverse proxy shows the chat, such as /assistant",
    )
    trusted_proxies: tuple[IPvAnyNetwork, ...] = Field(
        (),
        description="addresses or networks whose X-Forwarded-For, -Proto and -Host are believed; nobody's by default",
    )
    questions_per_minute: int | None = Field(
        None, ge=1, le=100_000, description="of one address; null does not limit it"
    )
    max_body_kb: int = Field(2048, ge=16, le=1_000_000, description="a larger request is refused")
    sessions: int = Field(
        1000, ge=10, le=100_000, description="conversations kept in memory; the oldest one goes first"
    )
    shutdown_seconds: float = Field(
        20, ge=0, le=3600, description="for answers that are being given when it is stopped"
    )
    metrics: bool = Field(True, description="False: no /metrics")
    metrics_token: SecretStr | None = Field(
        None, min_length=8, description="/metrics then asks for `Authorization: Bearer TOKEN`"
    )
    log_format: Literal["json", "plain"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_questions: bool = Field(False, description="True: questions and answers stand in the log")
