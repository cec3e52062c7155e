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

#: Handle → Slack id, and the work mail in partners.example.toml, or empty.
_ROLES = {
    "koordinator": ("U0KOORDINATOR", "koordinator@kommune.example"),
    "vara-koordinator": ("U0VARAKOORD", "vara-koordinator@kommune.example"),
    "politi-exit": ("U0POLITIEXIT", "exit@politi.example"),
    "politi-vakt": ("U0POLITIVAKT", "vakt@politi.example"),
    "barnevern": ("U0BARNEVERN", "kontakt@barnevern.example"),
    "barnevernvakt": ("U0BVVAKT", "vakt@barnevernvakt.example"),
    "sosialtjenesten": ("U0SOSIALTJ", "kontakt@sosialtjenesten.example"),
    "bistandsadvokat": ("U0ADVOKAT", "advokat@advokatene.example"),
    "udi": ("U0UDI", "post@udi.example"),
    "botilbud": ("U0BOTILBUD", "vakt@botilbud.example"),
    "helse": ("U0HELSE", "kontakt@helse.example"),
    "politi-leder": ("U0POLITILEDER", "leder@politi.example"),
    "barnevern-leder": ("U0BVLEDER", "leder@barnevern.example"),
    "utenforstaende": ("U0UTENFOR", ""),
}
CAST = {handle: slack_id for handle, (slack_id, _) in _ROLES.items()}
WORK_MAILS = {handle: mail for handle, (_, mail) in _ROLES.items() if mail}
_DISPLAY_NAMES = {"utenforstaende": "utenforstående", "udi": "UDI"}


def member(handle: str, user_id: str) -> User:
    """Make a member of the sandbox's own team with this handle."""
    display = _DISPLAY_NAMES.get(handle, handle)
    return User(
        id=user_id,
        handle=handle,
        display_name=display,
        real_name=display[:1].upper() + display[1:],
        team=TEAM_ID,
    )


def bot(name: str) -> User:
    """Make the bot's own user. Its handle is always `tot-bot`; its display name comes from the manifest."""
    return User(
        id=BOT_USER_ID,
        handle="tot-bot",
        display_name=name,
        real_name=name,
        team=TEAM_ID,
        is_bot=True,
        bot_id=BOT_ID,
    )
