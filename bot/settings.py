"""The settings, from the environment. What a coordinator would change belongs to the team's data instead."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AliasGenerator,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.exc import ArgumentError

from bot.domain.errors import TotError
from bot.domain.validators import FieldRefused, check_work_mail
from bot.ephemeral import ACCEPT
from bot.mail_server import IMAP, SMTP, MailServer, mail_server, tls_context
from storage.crypto.keyring import Keyring
from storage.crypto.keystore import SHARED, Keystore, keystore_url
from storage.crypto.master_key import SecretKey, read_secret
from storage.transactions import database_url, file_of

S = TypeVar("S", bound=BaseSettings)
_APPS = "api.slack.com/apps › the app"
#: How to get each setting right.
HINTS: dict[str, str] = {
    "SLACK_BOT_TOKEN": f"{_APPS} › OAuth & Permissions › Bot User OAuth Token, begins with xoxb-",
    "SLACK_APP_TOKEN": f"{_APPS} › Basic Information › App-Level Tokens › generate one with "
    "connections:write, begins with xapp-",
    "SLACK_API_BASE_URL": "leave it out for Slack itself; for a local workspace its address, such as "
    "http://127.0.0.1:8800/api/",
    "DATABASE_URL": "sqlite:///FILE (sqlite:////ABSOLUTE/FILE) or postgresql://USER:PASSWORD@HOST/NAME",
    "TOT_SECRET_KEY": "32 random bytes as base64url; nothing can be read without it. For an installed bot, "
    "load its settings first (docs/install.md, 4). For a new one: `tot keys new`, and keep a copy elsewhere",
    "TOT_SECRET_KEY_NEW": "the output of `tot keys new`, while `tot keys rotate` puts it in the place of "
    "TOT_SECRET_KEY; else leave it out",
    "TOT_KEYSTORE": "a file (shared:FILE with PostgreSQL) or the postgresql:// URL of another database; "
    "with SQLite it can be left out",
    "TOT_KEYS_EXPORT_DIR": "a folder for the newest export of the keys, apart from the backups; leave it "
    "out for none",
    "TOT_AUDIT_ANCHOR": "an append-only file, best on another disk; leave it out for the default",
    "TOT_BACKUP_DIR": "a folder for one backup a day; leave it out for none",
    ACCEPT: "yes, to allow a database or a key store on a disk that a restart empties; else leave it out",
    "TOT_HEALTH_PORT": "a free port of this machine, 1 to 65535; leave it out for no /healthz and /metrics",
    "TOT_MAIL_FROM": "one plain e-mail address, the organiser of invitations; mail to NAME+anything@DOMAIN "
    "must reach it too",
    "TOT_SMTP_URL": "smtp://USER:PASSWORD@HOST (STARTTLS, port 587) or smtps:// (TLS, port 465), with "
    "TOT_MAIL_FROM; special characters in the password as %XX",
    "TOT_IMAP_URL": "imaps://USER:PASSWORD@HOST (TLS, port 993) or imap:// (STARTTLS, port 143): the mailbox "
    "of TOT_MAIL_FROM, used only by the bot",
    "TOT_MAIL_AUTHSERV_ID": "the name at the start of the receiving mail server's Authentication-Results "
    "(RFC 8601), such as mx.kommune.example; without it no calendar answer counts automatically",
    "TOT_MAIL_CA": "a PEM file with the certificate of the authority that signed the mail servers' own; "
    "leave it out for a public authority",
}


def misspelt() -> list[str]:
    """Return a line for each unknown TOT_ setting in the environment, with the closest known name."""
    lines = []
    for name in sorted(os.environ):
        if name.startswith("TOT_") and name not in HINTS:
            near = difflib.get_close_matches(name, HINTS, n=1)
            lines.append(f"{name} is not a setting{f': did you mean {near[0]}?' if near else ''}")
    return lines


class SettingsError(TotError):
    """Settings are missing or wrong: a line each with name, fault and how to get it, without values."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


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
        raise ValueError
    if parts.scheme == "http" and not local:
        raise _wrong("would send the tokens unencrypted: http is only for a local workspace")
    return url if url.endswith("/") else f"{url}/"


def _read_by(read: Callable[[Any], object]) -> BeforeValidator:
    """Return a validator that reads a setting; what it cannot read is not valid."""

    def value(text: Any) -> object:
        try:
            return read(text)
        except (OSError, ArgumentError, FieldRefused):
            raise ValueError from None

    return BeforeValidator(value)


def _database(url: str) -> str:
    database_url(url)
    return url


def _keystore(place: str) -> str:
    bare = place.removeprefix(SHARED)
    if "://" in bare:
        database_url(bare)
    return place


def _authority(file: Path) -> Path:
    tls_context(file)
    return file


_Key = Annotated[SecretKey, NoDecode, _read_by(lambda key: read_secret(str(key)))]
_Smtp = Annotated[MailServer, _read_by(partial(mail_server, schemes=SMTP))]
_Imap = Annotated[MailServer, _read_by(partial(mail_server, schemes=IMAP))]
#: RFC 8601's name of a server: one token.
_SERVER_NAME = r"^[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,255}$"


def _name_of(field: str) -> str:
    """Return the name in the environment: Slack's own names and DATABASE_URL have no TOT_ prefix."""
    name = field.upper()
    return name if name.startswith(("SLACK_", "DATABASE_")) else f"TOT_{name}"


class DatabaseSettings(BaseSettings):
    """The setting needed to migrate: nothing of Slack's or of the keys."""

    model_config = SettingsConfigDict(
        alias_generator=AliasGenerator(validation_alias=_name_of),
        populate_by_name=True,
        case_sensitive=True,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: Annotated[str, _read_by(_database)] = Field(repr=False)


class StoreSettings(DatabaseSettings):
    """The settings needed to import partners, to purge and to back up: none of Slack's."""

    keystore: Annotated[str, _read_by(_keystore)] | None = Field(None, repr=False)
    secret_key: _Key
    secret_key_new: _Key | None = None

    audit_anchor: str | None = None
    backup_dir: str | None = None
    keys_export_dir: str | None = None

    @field_validator("keys_export_dir")
    @classmethod
    def _apart(cls, folder: str | None, info: ValidationInfo) -> str | None:
        backups = info.data.get("backup_dir")
        if folder is not None and backups is not None and Path(folder).resolve() == Path(backups).resolve():
            raise _wrong("is the backup folder: an export of the keys opens the backups")
        return folder

    @property
    def keys_export(self) -> Path | None:
        return None if self.keys_export_dir is None else Path(self.keys_export_dir) / "tot-keys.export"

    @property
    def anchor_file(self) -> Path:
        """The audit log's anchor file: as set, next to an SQLite database, or in the working folder."""
        if self.audit_anchor is not None:
            return Path(self.audit_anchor)
        return self._beside_database("audit.txt") or Path("tot-audit.txt")

    def _beside_database(self, name: str) -> Path | None:
        database = file_of(self.database_url)
        return None if database is None else database.with_name(f"{database.stem}-{name}")

    @property
    def files(self) -> list[Path]:
        """The files that must not be lost: an SQLite database, a key store that is a file."""
        urls = (self.database_url, keystore_url(self.database_url, self.keystore))
        return [file for file in map(file_of, urls) if file is not None]

    @property
    def waiting_folder(self) -> Path:
        """The folder of notes of those who wait: next to an SQLite database, or next to the anchor file."""
        return self._beside_database("waiting") or self.anchor_file.with_name("tot-waiting")

    def keyring(self) -> Keyring:
        """Return the keys of the installation, without connecting yet; the caller closes it."""
        store = Keystore(keystore_url(self.database_url, self.keystore))
        return Keyring(store, self.secret_key, self.secret_key_new)


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
    mail_from: Annotated[str, _read_by(check_work_mail)] | None = None
    smtp_url: _Smtp | None = Field(default=None, repr=False)
    imap_url: _Imap | None = Field(default=None, repr=False)
    mail_authserv_id: Annotated[str, StringConstraints(to_lower=True, pattern=_SERVER_NAME)] | None = None
    mail_ca: Annotated[Path, _read_by(_authority)] | None = None

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
    """Read `kind` from the environment. Raise SettingsError with a line per missing or wrong setting."""
    try:
        return kind()
    except ValidationError as error:
        lines = [_line(kind, e) for e in error.errors(include_input=False, include_url=False)]
    # Raised outside the handler: pydantic's error holds the values.
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
        why = "is not valid"
    return f"{name} {why}: {HINTS.get(name, '')}".rstrip(": ")
