"""The settings, from the environment. What a coordinator would change is the team's data instead."""

from __future__ import annotations

import difflib
import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AliasGenerator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url

from bot.domain.errors import TotError
from bot.domain.validators import MailRefused, check_work_mail
from bot.ephemeral import ACCEPT
from bot.mail_server import IMAP, SMTP, MailServer, Schemes, mail_server, tls_context
from storage.crypto.keystore import SHARED, keystore_url
from storage.crypto.master_key import SecretKey, WrongSecretKey, read_secret

S = TypeVar("S", bound=BaseSettings)
_APPS = "api.slack.com/apps › the app"
#: How to get each setting right.
HOW: dict[str, str] = {
    "SLACK_BOT_TOKEN": f"{_APPS} › OAuth & Permissions › Bot User OAuth Token, begins with xoxb-",
    "SLACK_APP_TOKEN": f"{_APPS} › Basic Information › App-Level Tokens › generate one with "
    "connections:write, begins with xapp-",
    "SLACK_API_BASE_URL": "leave it out for Slack itself; for a local workspace its address, such as "
    "http://127.0.0.1:8800/api/",
    "DATABASE_URL": "sqlite:///FILE (sqlite:////ABSOLUTE/FILE) or postgresql://USER:PASSWORD@HOST/NAME",
    "TOT_SECRET_KEY": "32 random bytes as base64url, without which nothing can be read. An installed bot "
    "has it: use a shell with its settings (docs/install.md, 4). Else: `tot keys new`, and a copy elsewhere",
    "TOT_KEYSTORE": "a file (shared:FILE with PostgreSQL) or the postgresql:// URL of another database; "
    "with SQLite it can be left out",
    "TOT_KEYS_EXPORT_DIR": "a folder for the newest export of the keys, apart from the backups; leave it "
    "out for none",
    "TOT_AUDIT_ANCHOR": "a file that is only added to, best on another disk; leave it out for the usual one",
    "TOT_BACKUP_DIR": "a folder for one backup a day; leave it out for none",
    ACCEPT: "yes, to run with a database or a key store on a disk that does not last; else leave it out",
    "TOT_HEALTH_PORT": "a free port of this machine, 1 to 65535; leave it out for no /healthz and /metrics",
    "TOT_MAIL_FROM": "one plain e-mail address, which answers to NAME+anything@DOMAIN too: the organiser of "
    "invitations",
    "TOT_SMTP_URL": "smtp://USER:PASSWORD@HOST (STARTTLS, port 587) or smtps:// (TLS, port 465), with "
    "TOT_MAIL_FROM; special letters in the password as %XX",
    "TOT_IMAP_URL": "imaps://USER:PASSWORD@HOST (TLS, port 993) or imap:// (STARTTLS, port 143): the mailbox "
    "of TOT_MAIL_FROM, for the bot alone",
    "TOT_MAIL_AUTHSERV_ID": "the name with which the receiving mail server begins its Authentication-Results "
    "(RFC 8601), such as mx.kommune.example; without it no answer from a calendar counts by itself",
    "TOT_MAIL_CA": "a file with the certificate (PEM) of the authority that the mail servers' own are from; "
    "leave it out for a public one",
    "TOT_LOG_FORMAT": "text or json",
}


#: The database of whoever has set nothing at all.
HERE = "sqlite:///tot.db"
#: Read elsewhere than here.
_ALSO = frozenset({"TOT_SECRET_KEY_NEW"})


def _is_ours(name: str) -> bool:
    return name.startswith(("TOT_", "SLACK_")) and (name in HOW or name in _ALSO)


def misspelt() -> list[str]:
    """Return a line for each setting of the environment that there is not, with the nearest that there is."""
    lines = []
    for name in sorted(os.environ):
        if name.startswith("TOT_") and not _is_ours(name):
            near = difflib.get_close_matches(name, HOW, n=1)
            lines.append(f"{name} is no setting{f': did you mean {near[0]}?' if near else ''}")
    return lines


class SettingsError(TotError):
    """Settings are missing or wrong: a line each, with which, why and how to get it, and no value."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class LogFormat(StrEnum):
    """For a person to read, or one JSON object a line."""

    TEXT = "text"
    JSON = "json"


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{message}", {"message": message})


def _token(prefix: str, others: dict[str, str]) -> AfterValidator:
    def check(token: SecretStr) -> SecretStr:
        text = token.get_secret_value().strip()
        if not re.fullmatch(rf"{prefix}[A-Za-z0-9-]{{5,}}", text):
            kind = next((name for start, name in others.items() if text.startswith(start)), "")
            raise _wrong(f"is {kind}" if kind else f"does not look like a token that begins with {prefix}")
        return SecretStr(text)

    return AfterValidator(check)


def _api_url(url: str) -> str:
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise _wrong("is not the address of a Web API")
    if parts.scheme == "http" and not local:
        raise _wrong("would send the tokens unencrypted: only a local workspace may be http")
    return url if url.endswith("/") else f"{url}/"


def _names_database(url: str) -> bool:
    """Return whether it can be read: a port that is no number is some of a password, and not to be told."""
    if not re.match(r"sqlite:///.|postgres(?:ql)?(?:\+psycopg)?://.", url):
        return False
    try:
        make_url(url)
    except ValueError:
        return False
    return True


def _database_url(url: str) -> str:
    if url == HERE and "DATABASE_URL" not in os.environ and any(map(_is_ours, os.environ)):
        # An address that a shell has cut off at an «&» would otherwise become an empty file, in silence.
        raise _wrong("is missing, though other settings are there")
    if not _names_database(url) or re.match("sqlite:///:memory:", url):
        raise _wrong("is neither an SQLite file nor a PostgreSQL database")
    return url


def _secret_key(key: SecretStr) -> SecretStr:
    try:
        return SecretStr(str(read_secret(key.get_secret_value())))
    except WrongSecretKey:
        raise _wrong("does not look like a key") from None


def _keystore(url: str) -> str:
    bare = url.removeprefix(SHARED)
    if "://" in bare and not _names_database(bare):
        raise _wrong("is neither a file nor a PostgreSQL database")
    return url


def _mail(address: str) -> str:
    try:
        return check_work_mail(address).address
    except MailRefused:
        raise _wrong("is not one plain e-mail address") from None


def _server(schemes: Schemes) -> BeforeValidator:
    def read(url: SecretStr | str) -> MailServer:
        try:
            return mail_server(url if isinstance(url, str) else url.get_secret_value(), schemes)
        except ValueError as error:
            raise _wrong(f"is {error}") from None

    return BeforeValidator(read)


def _authserv_id(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,255}", name):
        raise _wrong("is not one name")
    return name.lower()


def _authority(file: Path) -> Path:
    try:
        tls_context(file)
    except (OSError, ValueError):
        raise _wrong("is not a file with certificates") from None
    return file


def _name_of(field: str) -> str:
    """The name in the environment: Slack's own and the usual one of a database stand without a prefix."""
    name = field.upper()
    return name if name.startswith(("SLACK_", "DATABASE_")) else f"TOT_{name}"


class DatabaseSettings(BaseSettings):
    """Enough to migrate: neither Slack nor the master key."""

    model_config = SettingsConfigDict(
        alias_generator=AliasGenerator(validation_alias=_name_of),
        populate_by_name=True,
        case_sensitive=True,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        HERE, validate_default=True, repr=False
    )
    keystore: Annotated[str, AfterValidator(_keystore)] | None = Field(None, repr=False)


class StoreSettings(DatabaseSettings):
    """Enough to import partners, to purge, to back up: no Slack."""

    secret_key: Annotated[SecretStr, AfterValidator(_secret_key)]
    log_format: LogFormat = LogFormat.TEXT

    audit_anchor: str | None = None
    backup_dir: str | None = None
    keys_export_dir: str | None = None

    @field_validator("keys_export_dir")
    @classmethod
    def _apart(cls, folder: str | None, info: ValidationInfo) -> str | None:
        backups = info.data.get("backup_dir")
        if folder is not None and backups is not None and Path(folder).resolve() == Path(backups).resolve():
            raise _wrong("is the folder of the backups, which it would open")
        return folder

    @property
    def keys_export(self) -> Path | None:
        """The newest export of the keys, where one is kept."""
        return None if self.keys_export_dir is None else Path(self.keys_export_dir) / "tot-keys.export"

    @property
    def anchor_file(self) -> Path:
        """The file that anchors the log: beside an SQLite database, else in the working folder."""
        if self.audit_anchor is not None:
            return Path(self.audit_anchor)
        return self._beside_database("audit.txt") or Path("tot-audit.txt")

    def _beside_database(self, name: str) -> Path | None:
        if not self.database_url.startswith("sqlite:///"):
            return None
        database = Path(self.database_url.removeprefix("sqlite:///"))
        return database.with_name(f"{database.stem}-{name}")

    @property
    def files(self) -> list[Path]:
        """The files that have to last: an SQLite database, a key store that is a file."""
        urls = (self.database_url, keystore_url(self.database_url, self.keystore))
        return [Path(make_url(u).database or "") for u in urls if u.startswith("sqlite:")]

    @property
    def waiting_folder(self) -> Path:
        """The folder of those who were told to wait: beside an SQLite database, else beside the anchors."""
        return self._beside_database("waiting") or self.anchor_file.with_name("tot-waiting")

    @property
    def secret(self) -> SecretKey:
        return read_secret(self.secret_key.get_secret_value())


class Settings(StoreSettings):
    slack_bot_token: Annotated[
        SecretStr,
        _token(
            "xoxb-", {"xoxp-": "a user token", "xapp-": "the app-level token", "xoxe": "a rotating token"}
        ),
    ]
    slack_app_token: Annotated[SecretStr, _token("xapp-", {"xoxb-": "the bot token"})]
    slack_api_base_url: Annotated[str, AfterValidator(_api_url)] = "https://slack.com/api/"
    accept_ephemeral_disk: Literal["yes"] | None = None
    health_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    mail_from: Annotated[str, AfterValidator(_mail)] | None = None
    smtp_url: Annotated[MailServer, _server(SMTP)] | None = Field(default=None, repr=False)
    imap_url: Annotated[MailServer, _server(IMAP)] | None = Field(default=None, repr=False)
    mail_authserv_id: Annotated[str, AfterValidator(_authserv_id)] | None = None
    mail_ca: Annotated[Path, AfterValidator(_authority)] | None = None

    @field_validator("smtp_url", "imap_url")
    @classmethod
    def _goes_with(cls, server: MailServer | None, info: ValidationInfo) -> MailServer | None:
        if server is None:
            return None
        if info.data.get("mail_from") is None:
            raise _wrong("needs TOT_MAIL_FROM too")
        if info.field_name == "imap_url" and (server.user is None or info.data.get("smtp_url") is None):
            raise _wrong("needs a user with a password, and TOT_SMTP_URL too")
        return server


def load(kind: type[S]) -> S:
    """Read `kind` from the environment; SettingsError has a line per setting that is missing or wrong."""
    try:
        return kind()
    except ValidationError as error:
        lines = [_line(kind, e) for e in error.errors(include_input=False, include_url=False)]
    # Outside the handler: pydantic's error holds the values.
    raise SettingsError(*lines)


def _line(kind: type[BaseSettings], error: Any) -> str:
    name = str(error["loc"][0])
    field = kind.model_fields.get(name)
    name = str(field.validation_alias) if field is not None else name
    if error["type"] == "missing":
        why = "is missing"
    elif error["type"] == "setting":
        why = error["msg"]
    else:
        why = "is not usable"
    return f"{name} {why}: {HOW.get(name, '')}".rstrip(": ")
