"""The cast: roles, not people."""

from __future__ import annotations

from sandbox.model import User

TEAM_ID = "T0SANDBOX"
TEAM_DOMAIN = "sandbox"
TEAM_NAME = "Sandkassen"
APP_ID = "A0TOTBOT"
BOT_USER_ID = "U0TOTBOT"
BOT_ID = "B0TOTBOT"
GENERAL = "generelt"

CAST: dict[str, str] = {
    "koordinator": "U0KOORDINATOR",
    "vara-koordinator": "U0VARAKOORD",
    "politi-exit": "U0POLITIEXIT",
    "politi-vakt": "U0POLITIVAKT",
    "barnevern": "U0BARNEVERN",
    "barnevernvakt": "U0BVVAKT",
    "sosialtjenesten": "U0SOSIALTJ",
    "bistandsadvokat": "U0ADVOKAT",
    "udi": "U0UDI",
    "botilbud": "U0BOTILBUD",
    "helse": "U0HELSE",
    "politi-leder": "U0POLITILEDER",
    "barnevern-leder": "U0BVLEDER",
    "utenforstaende": "U0UTENFOR",
}
"""Handle → Slack id."""

WORK_MAILS: dict[str, str] = {
    "koordinator": "koordinator@kommune.example",
    "vara-koordinator": "vara-koordinator@kommune.example",
    "politi-exit": "exit@politi.example",
    "politi-vakt": "vakt@politi.example",
    "barnevern": "kontakt@barnevern.example",
    "barnevernvakt": "vakt@barnevernvakt.example",
    "sosialtjenesten": "kontakt@sosialtjenesten.example",
    "bistandsadvokat": "advokat@advokatene.example",
    "udi": "post@udi.example",
    "botilbud": "vakt@botilbud.example",
    "helse": "kontakt@helse.example",
    "politi-leder": "leder@politi.example",
    "barnevern-leder": "leder@barnevern.example",
}
"""Handle → work mail, as partners.example.toml has them."""

_DISPLAY_NAMES = {"utenforstaende": "utenforstående", "udi": "UDI"}


def member(handle: str, user_id: str) -> User:
    """A member of the sandbox's own team with this handle."""
    display = _DISPLAY_NAMES.get(handle, handle)
    return User(
        id=user_id,
        handle=handle,
        display_name=display,
        real_name=display[:1].upper() + display[1:],
        email=f"{handle}@sandbox.example",
        team=TEAM_ID,
    )


def bot(name: str) -> User:
    """The bot's own user; its handle is always `tot-bot`, its display name is the manifest's."""
    return User(
        id=BOT_USER_ID,
        handle="tot-bot",
        display_name=name,
        real_name=name,
        team=TEAM_ID,
        is_bot=True,
        bot_id=BOT_ID,
    )
