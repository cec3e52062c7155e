"""Commands, shortcuts, clicks and submissions sent to the app, and the effects of its acknowledgements."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox import cast, channels, limits, modals
from sandbox.api_errors import ApiError, BadBlocks
from sandbox.block_kit.checks import check_message, check_view
from sandbox.model import Channel, Delivery, EnvelopeType, Ephemeral, Json, Message, View
from sandbox.serializers import message_json, message_values, view_json
from sandbox.settings import Settings
from sandbox.socket.connections import Sockets
from sandbox.socket.events import VERIFICATION
from sandbox.workspace import Workspace


def _name(channel: Channel) -> str:
    """Return the name that an app gets; direct messages and private channels have a generic one."""
    return {"im": "directmessage", "private": "privategroup"}.get(channel.kind, channel.name)


class OperationFailed(Exception):
    """Slack tells the person that the action failed, with a code such as `operation_timeout`."""


class Interactions:
    """Sends commands, shortcuts, clicks and submissions to the app and acts on its answers."""

    def __init__(
        self, ws: Workspace, sockets: Sockets, tokens: InteractionTokens, answer_url: Callable[[str], str]
    ) -> None:
        self._ws = ws
        self._sockets = sockets
        self._tokens = tokens
        self._answer_url = answer_url

    async def command(self, user: str, channel: Channel, command: str, text: str) -> Ephemeral | None:
        """Type a slash command; return the message in the acknowledgement, if any."""
        person = self._ws.users[user]
        payload: Json = {
            "token": VERIFICATION,
            "team_id": cast.TEAM_ID,
            "team_domain": cast.TEAM_DOMAIN,
            "channel_id": channel.id,
            "channel_name": _name(channel),
            "user_id": user,
            "user_name": person.handle,
            "command": command,
            "text": text,
            "api_app_id": cast.APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._answer_url(self._tokens.response_url(channel.id, user)),
            "trigger_id": self._tokens.trigger(user),
        }
        delivery = await self._request("slash_commands", payload, answerable=True)
        return self.show_answer(user, channel, delivery.answer)

    def show_answer(self, user: str, channel: Channel, answer: Json | None) -> Ephemeral | None:
        """Show the person the message of an acknowledgement or a response_url."""
        if not answer or not (answer.get("text") or answer.get("blocks")):
            return None
        text, blocks = answer.get("text") or "", answer.get("blocks") or []
        wrong = check_message(blocks)
        if wrong:
            raise BadBlocks("invalid_blocks", wrong)
        return channels.post_ephemeral(self._ws, channel, user, text, blocks)

    async def shortcut(self, user: str, callback_id: str) -> None:
        """Use a global shortcut, which has no channel and no response_url.

        Source: docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
        """
        payload = self._interaction("shortcut", user) | {
            "callback_id": callback_id,
            "action_ts": self._ws.new_ts(),
        }
        await self._request("interactive", payload, answerable=False)

    async def act_in_message(self, user: str, message: Message | Ephemeral, action: Json) -> None:
        """Click or choose something in a message."""
        channel = self._ws.channels[message.channel]
        ephemeral = isinstance(message, Ephemeral)
        key = self._tokens.response_url(channel.id, user)
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
        }
        more: Json = {
            "channel": {"id": channel.id, "name": _name(channel)},
            "response_url": self._answer_url(key),
            "state": {"values": message_values(self._ws, user, message)},
        }
        if isinstance(message, Message):
            more["message"] = message_json(self._ws, message)
        await self._act(user, container, action, more)

    async def act_in_view(self, user: str, view: View, action: Json) -> None:
        """Click or choose something in a modal or in Home."""
        shown = view_json(view, with_state=True)
        container: Json = {"type": "view", "view_id": view.id}
        await self._act(user, container, action, {"view": shown, "state": shown["state"]})

    async def _act(self, user: str, container: Json, action: Json, more: Json) -> None:
        actions = [action | {"action_ts": self._ws.new_ts()}]
        payload = self._interaction("block_actions", user) | {"container": container, "actions": actions}
        await self._request("interactive", payload | more, answerable=False)

    async def submit(self, user: str, view: View) -> None:
        """Submit a modal and apply the acknowledgement: errors, update, push, clear or close."""
        payload = self._interaction("view_submission", user) | {
            "view": view_json(view, with_state=True),
            "response_urls": [],
        }
        delivery = await self._request("interactive", payload, answerable=True)
        self._after_submission(user, view, delivery)

    def _after_submission(self, user: str, view: View, delivery: Delivery) -> None:
        answer = delivery.answer or {}
        action = answer.get("response_action")
        view.errors = {}
        if action == "errors":
            errors = answer.get("errors")
            block_ids = {block["block_id"] for block in view.inputs}
            if not isinstance(errors, dict) or not errors or not block_ids.issuperset(errors):
                raise OperationFailed("invalid_errors")
            view.errors = {block_id: str(text) for block_id, text in errors.items()}
            self._ws.changes.notify()
        elif action in ("update", "push"):
            wrong = check_view(answer.get("view"))
            if wrong:
                raise BadBlocks("invalid_view", wrong)
            if action == "update":
                modals.update(self._ws, view, answer["view"])
            else:
                modals.show(self._ws, user, answer["view"], push=True)
        elif action == "clear":
            modals.clear(self._ws, user)
        elif action is not None:
            raise OperationFailed(f"unknown response_action {action!r}")
        elif modals.top(self._ws, user) is view:
            modals.close_top(self._ws, user)

    async def rest(self) -> None:
        """Wait until all deliveries are acknowledged or given up."""
        await self._sockets.acked()

    def _interaction(self, kind: str, user: str) -> Json:
        person = self._ws.users[user]
        return {
            "type": kind,
            "team": {"id": cast.TEAM_ID, "domain": cast.TEAM_DOMAIN},
            "user": {"id": user, "username": person.handle, "name": person.handle, "team_id": person.team},
            "api_app_id": cast.APP_ID,
            "token": VERIFICATION,
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._tokens.trigger(user),
        }

    async def _request(self, kind: EnvelopeType, payload: Json, *, answerable: bool) -> Delivery:
        try:
            delivery = await self._sockets.request(kind, payload, answerable=answerable)
        except ConnectionError as failure:
            raise OperationFailed("dispatch_failed") from failure
        if not delivery.acked:
            raise OperationFailed("operation_timeout")
        return delivery


@dataclass
class _Trigger:
    user: str
    issued: float
    exchanged: bool = False


@dataclass
class ResponseUrl:
    """A URL at which an app may answer a command or interaction five times within half an hour."""

    channel: str
    user: str
    issued: float
    uses: int = 0


class InteractionTokens:
    """Trigger ids, which can be used once within three seconds, and response URLs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._triggers: dict[str, _Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def trigger(self, user: str) -> str:
        """Return a new trigger id for an action of this user."""
        number = len(self._triggers) + 1
        trigger_id = f"{number:013d}.{number:012d}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = _Trigger(user, time.monotonic())
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """Use up a trigger id, and return its user. Raise ApiError if it is unknown, used or too old."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.exchanged:
            raise ApiError("exchanged_trigger_id")
        if time.monotonic() - trigger.issued > self._settings.trigger_seconds:
            raise ApiError("expired_trigger_id")
        trigger.exchanged = True
        return trigger.user

    def response_url(self, channel: str, user: str) -> str:
        """Return the secret last part of a new response URL."""
        key = secrets.token_urlsafe(18)
        self._urls[key] = ResponseUrl(channel, user, time.monotonic())
        return key

    def use_response_url(self, key: str) -> ResponseUrl:
        """Count a use. Raise ApiError if the URL is unknown, too old or used up."""
        found = self._urls.get(key)
        if found is None:
            raise ApiError("invalid_url")
        if time.monotonic() - found.issued > self._settings.response_url_seconds:
            raise ApiError("expired_url")
        if found.uses >= limits.RESPONSE_URL_USES:
            raise ApiError("used_url")
        found.uses += 1
        return found
