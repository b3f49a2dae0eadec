"""Every setting, read once from the environment and ``.env``. All problems are reported together."""

from __future__ import annotations

import ipaddress
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.clock import parse_offset

TELEGRAM = "https://api.telegram.org"
FREE_RATE = 30.0
"""Messages a second that Telegram takes from every bot."""
_TOKEN = re.compile(r"^\d+:[A-Za-z0-9_-]{3,}$")


def database_address(url: str) -> str:
    """Return a database's address as the driver wants it. ValueError where it is neither engine's."""
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    if not url.startswith(("postgresql+psycopg://", "sqlite:///")):
        raise ValueError("must start with postgresql:// or sqlite:///")
    return url


def is_at_home(url: str) -> bool:
    """Tell whether an address is in this house: this machine, a private network, a name without a dot."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan"))


class ConfigError(Exception):
    """The settings do not work. ``problems`` has one line for each that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """The settings of one process. Secrets do not show in ``repr``."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = TELEGRAM
    data_dir: Path = Path("data")
    database_url: SecretStr | None = None
    admin_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    open_to: Literal["anyone", "class"] = "anyone"
    default_timezone: str = "Europe/London"
    webhook_url: str | None = None
    webhook_listen: str = "127.0.0.1"
    webhook_port: int = Field(default=8080, ge=0, le=65535)
    webhook_secret: SecretStr | None = None
    health_listen: str | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    safeguarding_contact: str = ""
    second_reader: Literal["on", "off"] = "on"
    second_reader_url: str | None = None
    second_reader_model: str | None = None
    second_reader_key: SecretStr | None = None
    send_rate: float = Field(default=25.0, gt=0, le=1000)
    send_rate_paid: bool = False
    clock_offset: timedelta = timedelta()
    sandbox_port: int = Field(default=8088, ge=0, le=65535, validation_alias=AliasChoices("SANDBOX_PORT"))

    @field_validator("telegram_bot_token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _TOKEN.match(value.get_secret_value()):
            raise ValueError("does not look like a bot token (123456:ABC...); BotFather gives one")
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("must be an origin such as https://api.telegram.org")
        return value.rstrip("/")

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return frozenset(int(part) for part in re.split(r"[,\s]+", value.strip()) if part)
        except ValueError:
            raise ValueError("must be Telegram ids, numbers separated by commas") from None

    @field_validator("default_timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("must be a time zone such as Europe/London") from None
        return value

    @field_validator("webhook_url")
    @classmethod
    def _is_https(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in ("https", "http"):
            raise ValueError("must be the https address at which Telegram reaches this bot")
        return value

    @field_validator("health_listen")
    @classmethod
    def _is_host_and_port(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"^[^:\s]*:\d{1,5}$", value):
            raise ValueError("must be host:port, for example 127.0.0.1:9090")
        return value

    @field_validator("clock_offset", mode="before")
    @classmethod
    def _offset(cls, value: Any) -> Any:
        return parse_offset(value) if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: SecretStr | None) -> SecretStr | None:
        return None if value is None else SecretStr(database_address(value.get_secret_value()))

    @model_validator(mode="after")
    def _fit_together(self) -> Settings:
        if self.clock_offset and self.telegram_api_url == TELEGRAM:
            raise ValueError("CLOCK_OFFSET is for the sandbox and for tests; it is refused against Telegram itself")
        if self.send_rate > FREE_RATE and not self.send_rate_paid:
            raise ValueError(
                f"SEND_RATE is over {FREE_RATE:g} a second. Telegram takes that only from bots that pay for broadcasts "
                "(BotFather, Bot Settings, Paid broadcasts). Set SEND_RATE_PAID=yes if yours does"
            )
        if self.webhook_url is not None and self.webhook_secret is None:
            raise ValueError("WEBHOOK_SECRET must be set with WEBHOOK_URL: 16 or more random letters and digits")
        if self.webhook_secret is not None and not re.match(
            r"^[A-Za-z0-9_-]{8,256}$", self.webhook_secret.get_secret_value()
        ):
            raise ValueError("WEBHOOK_SECRET may hold letters, digits, _ and -, 8 to 256 of them")
        return self

    @model_validator(mode="after")
    def _second_reader_is_whole(self) -> Settings:
        if not self.has_second_reader:
            return self
        url = urlsplit(self.second_reader_url or "")
        if url.scheme not in ("http", "https") or not url.netloc:
            raise ValueError("SECOND_READER_URL must be an address such as http://localhost:11434/v1")
        if url.scheme == "http" and not is_at_home(self.second_reader_url or ""):
            raise ValueError("SECOND_READER_URL must be https: learners' answers would cross the internet in the clear")
        if not self.second_reader_model:
            raise ValueError("SECOND_READER_MODEL must name the model that SECOND_READER_URL is to use")
        return self

    @property
    def has_second_reader(self) -> bool:
        """Whether answers may be read a second time."""
        return self.second_reader == "on" and self.second_reader_url is not None

    @property
    def store_url(self) -> str:
        """The database's address; SQLite in the data folder unless one is set."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return self.sqlite_url

    @property
    def sqlite_url(self) -> str:
        """The address of the SQLite database in the data folder."""
        return f"sqlite:///{(self.data_dir / 'revision-bot.sqlite3').absolute()}"

    @property
    def token(self) -> str:
        """The bot's token. ConfigError where none is set."""
        if self.telegram_bot_token is None:
            raise ConfigError(["TELEGRAM_BOT_TOKEN is not set: BotFather gives one, see the README"])
        return self.telegram_bot_token.get_secret_value()


def read_settings(**overrides: Any) -> Settings:
    """Read the settings. ConfigError lists everything that is wrong, by the name of the variable."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise ConfigError([_line(each) for each in error.errors()]) from None


def _line(error: Any) -> str:
    name = "_".join(str(part) for part in error["loc"]).upper()
    what = str(error["msg"]).removeprefix("Value error, ")
    return f"{name}: {what}" if name else what
