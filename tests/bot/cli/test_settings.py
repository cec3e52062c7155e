"""The settings: defaults, and one line per setting that is missing or wrong."""

from __future__ import annotations

import pytest

from bot.mail_server import IMAP, SMTP, MailServer, mail_server
from bot.settings import HINTS, DatabaseSettings, Settings, SettingsError, StoreSettings, load, misspelt
from tests.bot.cli.conftest import Env
from tests.databases import SECRET_KEY
from tests.every import every

TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-1-kanari",
    "SLACK_APP_TOKEN": "xapp-1-kanari",
    "TOT_SECRET_KEY": SECRET_KEY,
    "DATABASE_URL": "sqlite:///elsewhere.db",
}


def lines(env: Env, **environment: str) -> list[str]:
    """Return the operator's message for this environment added to valid tokens."""
    env(**TOKENS | environment)
    with pytest.raises(SettingsError) as error:
        load(Settings)
    return str(error.value).splitlines()


def test_a_misspelt_name_is_pointed_out(env: Env) -> None:
    env(TOT_BACKUPDIR="/kanari", TOT_QQQQ="kanari")
    assert [line for line in misspelt() if "TOT_BACKUPDIR" in line or "TOT_QQQQ" in line] == [
        "TOT_BACKUPDIR is not a setting: did you mean TOT_BACKUP_DIR?",
        "TOT_QQQQ is not a setting",
    ]


def test_who_needs_no_slack_needs_no_tokens_and_empty_is_not_there(env: Env) -> None:
    env(TOT_MAIL_FROM="", DATABASE_URL="")
    with pytest.raises(SettingsError, match="DATABASE_URL is missing"):
        load(DatabaseSettings)
    env(DATABASE_URL="postgresql://u@h/tot")
    settings = load(StoreSettings)
    assert (type(settings), settings.database_url) == (StoreSettings, "postgresql://u@h/tot")


#: Values of which it is said that they are not valid.
NOT_VALID = {
    "SLACK_API_BASE_URL": ("kanari",),
    "DATABASE_URL": ("mysql://u:kanari@h/t", "postgresql://tot:kanari", "postgresql://u:k@n:ari@h/t"),
    "TOT_SECRET_KEY": ("kanari", SECRET_KEY[:-2] + "anari"),
    "TOT_SECRET_KEY_NEW": ("kanari",),
    "TOT_KEYSTORE": ("mysql://u:kanari@h/t", "postgresql://tot:kanari"),
    "TOT_HEALTH_PORT": ("kanari", "70000"),
    "TOT_MAIL_FROM": ("Kanari <kanari@x.example>",),
    "TOT_SMTP_URL": ("http://h", "smtp://", "smtp://h/kanari", "smtp://h:99999", "smtp://kanari@h"),
    "TOT_IMAP_URL": ("smtp://u:kanari@h",),
    "TOT_MAIL_CA": ("/nowhere/kanari",),
    "TOT_MAIL_AUTHSERV_ID": ("kanari mx",),
}


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        *((name, value, "is not valid: ") for name, values in NOT_VALID.items() for value in values),
        ("DATABASE_URL", "sqlite:///:memory:", "is not valid: "),
        ("SLACK_BOT_TOKEN", "xoxp-1-kanari", "is a user token"),
        ("SLACK_BOT_TOKEN", "xapp-1-kanari", "is the app-level token"),
        ("SLACK_BOT_TOKEN", "xoxb-kan ari", "does not look like a token that begins with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1-kanari", "is the bot token"),
        ("SLACK_API_BASE_URL", "http://kanari.example/api/", "would send the tokens unencrypted"),
        ("TOT_IMAP_URL", "imap://imap.example", "needs a user with a password"),
    ],
)
def test_a_wrong_one_is_one_line_which_why_and_how_without_its_value(
    env: Env, name: str, value: str, why: str
) -> None:
    (line,) = lines(env, **{"TOT_MAIL_FROM": "tot@kommune.example", name: value})
    assert line.startswith(f"{name} {why}")
    assert line.endswith(HINTS[name])
    assert "anari" not in line


def test_a_server_for_mail_needs_an_address(env: Env) -> None:
    (line,) = lines(env, TOT_SMTP_URL="smtp://smtp.example")
    assert line.startswith("TOT_SMTP_URL needs TOT_MAIL_FROM too")


def test_no_secret_in_any_representation(env: Env) -> None:
    env(**TOKENS)
    env(TOT_SMTP_URL="smtps://u:kanari@smtp.example", TOT_IMAP_URL="imaps://u:kanari@imap.example")
    env(DATABASE_URL="postgresql://u:kanari@h/tot", TOT_KEYSTORE="postgresql://u:kanari@h/keys")
    env(SLACK_API_BASE_URL="http://127.0.0.1:1/api", TOT_MAIL_FROM="tot@kommune.example")
    settings = load(Settings)
    assert settings.slack_api_base_url == "http://127.0.0.1:1/api/"
    assert settings.imap_url is not None
    assert settings.imap_url.password == "kanari"
    for secret in (SECRET_KEY, "kanari"):
        assert secret not in f"{settings!r} {settings} {settings.smtp_url} {settings.imap_url!r}"


@every(
    ("url", "schemes", "server"),
    [
        ("smtp://h", SMTP, MailServer("h", 587, starttls=True)),
        ("smtps://u:p%40%20x@h", SMTP, MailServer("h", 465, False, "u", "p@ x")),
        ("imap://u%40h:p@h:1143", IMAP, MailServer("h", 1143, True, "u@h", "p")),
        ("imaps://u:p@[::1]/", IMAP, MailServer("::1", 993, False, "u", "p")),
    ],
)
def test_where_mail_servers_are(url: str, schemes: dict[str, tuple[bool, int]], server: MailServer) -> None:
    assert mail_server(url, schemes) == server
    assert "p@ x" not in repr(server)
