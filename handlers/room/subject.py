"""What happens in Slack that nobody typed or pressed: messages and people in rooms, accounts, Home."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.room import events, messages
from handlers.slack.declarations import Event, Subject
from handlers.slack.events import AccountEvent, HomeEvent, MemberEvent, MessageEvent

ROOM = Subject(
    "room",
    events=(
        Event("message", MessageEvent, (Action.SEE_OWN_ASKS, Action.SEE_ROOM), events.message),
        Event("member_joined_channel", MemberEvent, Action.SEE_ROOM, events.joined),
        Event("member_left_channel", MemberEvent, Action.LEAVE, events.left),
        Event("user_change", AccountEvent, Action.SEE_ROOM, events.account),
        Event("app_home_opened", HomeEvent, Action.SEE_HOME, events.home),
    ),
    notifications=messages.NOTIFICATIONS,
)
