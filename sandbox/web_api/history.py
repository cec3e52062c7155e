"""conversations.history and conversations.replies."""

from __future__ import annotations

from sandbox import scopes
from sandbox.errors import ApiError
from sandbox.model import Channel, Json, Message
from sandbox.shapes import message_json
from sandbox.web_api.arguments import Args
from sandbox.web_api.site import Method, Site, cursor, cursor_text, page_size


def history(site: Site, args: Args) -> Json:
    """conversations.history: newest first; bounds are exclusive unless `inclusive`."""
    channel = _readable(site, args)
    main = [m for m in channel.messages.values() if not m.thread_ts]
    found = sorted(_within(main, args), key=lambda m: _time(m.ts), reverse=True)
    return _answer(site, args, found, newest_first=True) | {"pin_count": 0}


def replies(site: Site, args: Args) -> Json:
    """conversations.replies: the parent and its thread, oldest first."""
    channel = _readable(site, args)
    ts = args.required("ts")
    parent = channel.messages.get(ts)
    if parent is None:
        raise ApiError("thread_not_found")
    thread = [channel.messages[reply] for reply in channel.replies.get(ts, [])]
    return _answer(site, args, [parent, *_within(thread, args)], newest_first=False)


def _readable(site: Site, args: Args) -> Channel:
    channel = site.allowed_channel(args, scopes.HISTORY)
    if site.bot not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _within(messages: list[Message], args: Args) -> list[Message]:
    oldest = _time(args.text("oldest", "0"), "invalid_ts_oldest")
    latest = _time(args.text("latest", "9999999999"), "invalid_ts_latest")
    if args.flag("inclusive"):
        return [m for m in messages if oldest <= _time(m.ts) <= latest]
    return [m for m in messages if oldest < _time(m.ts) < latest]


def _time(ts: str, malformed: str = "internal_error") -> tuple[int, int]:
    # Compared as two whole numbers: a float has too few digits for microseconds.
    seconds, _, micros = ts.partition(".")
    try:
        return int(seconds), int((micros + "000000")[:6])
    except ValueError as error:
        raise ApiError(malformed) from error


def _answer(site: Site, args: Args, found: list[Message], *, newest_first: bool) -> Json:
    metadata = args.flag("include_all_metadata")
    # The cursor is a time and no count: what is posted or deleted meanwhile moves no page.
    start = cursor_text(args.text("cursor"))
    if start:
        at = _time(start, "invalid_cursor")
        found = [m for m in found if (_time(m.ts) <= at if newest_first else _time(m.ts) >= at)]
    size = page_size(site, args)
    messages = found[:size]
    following = cursor(found[size].ts) if len(found) > size else ""
    answer: Json = {
        "messages": [message_json(site.ws, message, metadata=metadata) for message in messages],
        "has_more": bool(following),
    }
    return answer | ({"response_metadata": {"next_cursor": following}} if following else {})


METHODS: dict[str, Method] = {
    "conversations.history": history,
    "conversations.replies": replies,
}
