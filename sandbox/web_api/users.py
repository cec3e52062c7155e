"""auth.*, apps.* and users.*"""

from __future__ import annotations

from sandbox import cast, scopes
from sandbox.api_errors import ApiError
from sandbox.model import ChannelKind, Json
from sandbox.serializers import channel_json, user_json
from sandbox.web_api.context import Args, Context, method, page

_KINDS: dict[str, ChannelKind] = {
    "public_channel": "public",
    "private_channel": "private",
}


@method("users.info")
def info(context: Context, args: Args) -> Json:
    scopes.need(context.ws, "users:read")
    return {"user": user_json(context.ws, context.user(args.required("user")))}


@method("dnd.info")
def dnd_info(context: Context, args: Args) -> Json:
    """Return when a person's notifications are, or will next be, paused.

    Source: docs.slack.dev/reference/methods/dnd.info (`dnd_enabled`, `next_dnd_start_ts`,
    `next_dnd_end_ts`, 1 if there is none; `snooze_*` only for the person themselves).
    """
    scopes.need(context.ws, "dnd:read")
    user = context.user(args.required("user"))
    begins, ends = user.muted or (1, 1)
    return {
        "dnd_enabled": user.muted is not None,
        "next_dnd_start_ts": begins,
        "next_dnd_end_ts": ends,
    }


@method("users.conversations")
def conversations(context: Context, args: Args) -> Json:
    """Return the bot's channels of the kinds in `types`. Each kind needs its scope."""
    kinds = args.ids("types") or ["public_channel"]
    wanted = {_KINDS[kind] for kind in kinds}
    for kind in sorted(wanted):
        scopes.need(context.ws, *scopes.READ[kind])
    skip_archived = args.flag("exclude_archived")
    seen = [
        channel
        for channel in context.ws.channels.values()
        if channel.kind in wanted
        and context.bot in channel.members
        and not (skip_archived and channel.archived)
    ]
    channels, following = page(context, args, seen)
    return {
        "channels": [channel_json(context.ws, channel) for channel in channels],
        "response_metadata": {"next_cursor": following},
    }


@method("auth.test")
def auth_test(context: Context, _args: Args) -> Json:
    return {
        "url": context.url("/"),
        "team": cast.TEAM_NAME,
        "user": context.ws.bot.handle,
        "team_id": cast.TEAM_ID,
        "user_id": context.bot,
        "bot_id": cast.BOT_ID,
        "is_enterprise_install": False,
    }


@method("apps.connections.open")
def connections_open(context: Context, _args: Args) -> Json:
    if not context.ws.manifest.socket_mode:
        raise ApiError("forbidden_team")
    return {"url": context.socket_url(context.sockets.ticket())}
