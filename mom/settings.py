"""Every environment variable that Lineside reads, typed, read once; unsafe values are refused."""

import os
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mom.errors import BadInput

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the program: what is shipped lies here, what is made at run time under `Settings.home`."""


class Settings(BaseSettings):
    """See docs/settings.md. An empty variable counts as not set."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    home: Path = Field(ROOT / ".lineside", alias="LINESIDE_HOME")
    data: Path = Field(ROOT.parent / "shared" / "data", alias="LINESIDE_DATA")
    plant: Path = Field(ROOT / "plant.yaml", alias="LINESIDE_PLANT")
    database_url: SecretStr | None = Field(None, alias="DATABASE_URL")
    port: int = Field(8400, alias="LINESIDE_PORT", ge=1, le=65535)
    public_url: str | None = Field(None, alias="LINESIDE_PUBLIC_URL")
    openai_base_url: str | None = Field(None, alias="OPENAI_BASE_URL")
    openai_api_key: SecretStr | None = Field(None, alias="OPENAI_API_KEY")
    model: str | None = Field(None, alias="LINESIDE_MODEL")
    embeddings_url: str | None = Field(None, alias="EMBEDDINGS_URL")
    embeddings_model: str | None = Field(None, alias="EMBEDDINGS_MODEL")
    smtp_url: SecretStr | None = Field(None, alias="SMTP_URL")
    mail_from: str = Field("lineside@localhost", alias="LINESIDE_MAIL_FROM")

    @field_validator("home", "data", "plant", mode="after")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return Path(os.path.abspath(path.expanduser()))

    @field_validator("database_url", mode="after")
    @classmethod
    def _postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and urlsplit(url.get_secret_value()).scheme not in ("postgresql", "postgres"):
            raise ValueError("expected a postgresql:// address; leave it out to use the built-in database")
        return url

    @cached_property
    def base_url(self) -> str:
        """The address that people and other systems reach us by."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def has_model(self) -> bool:
        """Whether a language model is configured; else the built-in planner speaks."""
        return bool(self.model and (self.openai_api_key or self.openai_base_url))


def read_settings() -> Settings:
    """The settings of this process. A wrong one is refused by the name of its variable."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = first["loc"][0]
        raise BadInput(
            f"{name} is {first.get('input')!r}: {first['msg']}.", remedy=f"Correct {name} or unset it."
        ) from error
