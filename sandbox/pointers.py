"""What an interaction hands the app to answer by: trigger ids and response URLs."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from sandbox import limits
from sandbox.errors import ApiError
from sandbox.settings import Settings


@dataclass
class _Trigger:
    user: str
    issued: float
    exchanged: bool = False


@dataclass
class ResponseUrl:
    """Where an app may answer a command or an interaction, five times in half an hour."""

    channel: str
    user: str
    issued: float
    message_ts: str = ""
    """The message that the interaction came from, if it came from one."""
    ephemeral: bool = False
    uses: int = 0


class Pointers:
    """Hands out trigger ids (single use, three seconds) and response URLs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._triggers: dict[str, _Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def trigger(self, user: str) -> str:
        """A fresh trigger id for what this user just did."""
        number = len(self._triggers) + 1
        trigger_id = f"{number:013d}.{number:012d}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = _Trigger(user, time.monotonic())
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The user whose action this trigger id stands for; ApiError if unknown, used or too old."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.exchanged:
            raise ApiError("exchanged_trigger_id")
        if time.monotonic() - trigger.issued > self._settings.trigger_seconds:
            raise ApiError("expired_trigger_id")
        trigger.exchanged = True
        return trigger.user

    def response_url(self, channel: str, user: str, message_ts: str = "", *, ephemeral: bool = False) -> str:
        """The secret last part of a fresh response URL."""
        key = secrets.token_urlsafe(18)
        self._urls[key] = ResponseUrl(channel, user, time.monotonic(), message_ts, ephemeral)
        return key

    def use_response_url(self, key: str) -> ResponseUrl:
        """Counts a use; ApiError if the URL is unknown, too old or used up."""
        found = self._urls.get(key)
        if found is None:
            raise ApiError("invalid_url")
        if time.monotonic() - found.issued > self._settings.response_url_seconds:
            raise ApiError("expired_url")
        if found.uses >= limits.RESPONSE_URL_USES:
            raise ApiError("used_url")
        found.uses += 1
        return found
