"""The room of a case: events in it, and changes of the room itself."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.room import make_new_room, see_new_room
from handlers.room import events, messages, new_room
from handlers.slack.declarations import Event, Subject, Verb
from handlers.slack.events import AccountEvent, HomeEvent, MemberEvent, MessageEvent, RoomEvent

#: Events about a room as a whole: Slack names them differently for private and for public channels.
_OF_ROOMS = (
    *(f"{what}_{how}" for what in ("group", "channel") for how in ("left", "archive", "unarchive")),
    *(f"{what}_{how}" for what in ("group", "channel") for how in ("rename", "deleted")),
    "channel_shared",
    "channel_unshared",
)

ROOM = Subject(
    verbs=(Verb(Action.NEW_ROOM, new_room.new_room_form, make_new_room, see_new_room, messages.NEW_ROOM),),
    events=(
        Event("message", MessageEvent, (Action.SEE_OWN_ASKS, Action.SEE_ROOM), events.message),
        Event("member_joined_channel", MemberEvent, Action.SEE_ROOM, events.joined),
        Event("member_left_channel", MemberEvent, Action.LEAVE, events.left),
        *(Event(kind, RoomEvent, Action.SEE_ROOM, events.changed) for kind in _OF_ROOMS),
        Event("user_change", AccountEvent, Action.SEE_ROOM, events.account),
        Event("app_home_opened", HomeEvent, Action.SEE_HOME, events.home),
    ),
    notifications=messages.NOTIFICATIONS,
)
