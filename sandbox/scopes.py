"""The scopes that a call or an event needs, from the «scopes» of each page under docs.slack.dev/reference."""

from __future__ import annotations

from sandbox.api_errors import ApiError
from sandbox.model import Channel, ChannelKind
from sandbox.workspace import Workspace

_PREFIX: dict[ChannelKind, str] = {"public": "channels", "private": "groups", "im": "im"}
READ: dict[ChannelKind, tuple[str, ...]] = {kind: (f"{p}:read",) for kind, p in _PREFIX.items()}
HISTORY: dict[ChannelKind, tuple[str, ...]] = {kind: (f"{p}:history",) for kind, p in _PREFIX.items()}
MANAGE: dict[ChannelKind, tuple[str, ...]] = {
    "public": ("channels:manage",),
    "private": ("groups:write",),
    "im": ("im:write",),
}

_MESSAGE_EVENTS: dict[ChannelKind, str] = {
    "public": "message.channels",
    "private": "message.groups",
    "im": "message.im",
}


def need(ws: Workspace, *alternatives: str) -> None:
    """Raise `missing_scope` unless the manifest has one of these scopes."""
    if not ws.manifest.scopes.intersection(alternatives):
        provided = ",".join(sorted(ws.manifest.scopes))
        raise ApiError("missing_scope", needed=",".join(alternatives), provided=provided)


def hears(ws: Workspace, event_type: str, channel: Channel | None = None) -> bool:
    """Return whether the app has subscribed to this event and has the scope for it."""
    subscription, scope = event_type, "users:read" if event_type == "user_change" else None
    if channel is not None:
        if event_type == "message":
            subscription, scope = _MESSAGE_EVENTS[channel.kind], HISTORY[channel.kind][0]
        elif scope is None:
            scope = READ[channel.kind][0]
    if subscription not in ws.manifest.events:
        return False
    return scope is None or scope in ws.manifest.scopes
