"""Who comes and goes: in rooms, in the workspace, at Home."""

from __future__ import annotations

from bot.usecases.door import who
from bot.usecases.keep_profile import open_home
from bot.usecases.watch_room import account_changed, someone_joined, someone_left
from handlers.events.payloads import AccountEvent, HomeEvent, MemberEvent
from handlers.listening import Happened


async def joined(happened: Happened, event: MemberEvent) -> None:
    """Someone is in a room. The bot itself is no intruder."""
    if event.user != happened.bot:
        await happened.once(lambda uow: someone_joined(uow, event.channel, event.user, event.event_ts))


async def left(happened: Happened, event: MemberEvent) -> None:
    """Someone has left a room."""
    if event.user != happened.bot:
        await happened.once(lambda uow: someone_left(uow, event.channel, event.user, event.event_ts))


async def account(happened: Happened, event: AccountEvent) -> None:
    """An account was changed; most changes are of no interest, and cost a look."""
    user = event.user
    person = await happened.services.database.read(lambda uow: uow.person_by_slack(user.id))
    if person is not None and person.deactivated != user.deleted:
        await happened.once(lambda uow: account_changed(uow, user.id, deactivated=user.deleted))


async def home(happened: Happened, event: HomeEvent) -> None:
    """The person looks at Home."""
    if event.tab in ("", "home"):
        await happened.once(lambda uow: open_home(uow, who(uow, event.user)))
