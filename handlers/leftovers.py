"""Update and forget items outside cases; hand coordinators the links of what Slack does not let us delete."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.domain.access import Action
from bot.domain.leftovers import Leftovers, refused_long_enough
from bot.domain.notifications import Kind
from bot.domain.outside import still_stands
from bot.texts.words import Words
from bot.usecases.leftovers import clear_leftovers, hand_over, standing
from bot.usecases.outside import begin_forgetting, forget_item, turn
from bot.usecases.ports import Claim, Posted
from handlers.blocks.context import Message, PersonRenderContext
from handlers.blocks.elements import ActionId, actions, button, section, sections
from handlers.delivery.calls import NotDeleted, call
from handlers.delivery.declarations import Job, PersonMessage
from handlers.delivery.services import DeliveryServices
from handlers.slack.declarations import Button, Subject
from handlers.slack.verbs import tap

CLEARED = ActionId("cleared", "list of what stands")


async def hand_over_links(
    services: DeliveryServices, team_id: str, posted: Sequence[Posted], channels: Sequence[str]
) -> None:
    """Hand coordinators the links of messages that are still posted, and of channels that are still open.

    Raises:
        NotDeleted: the coordinators do not have the list yet. The next upkeep checks again.
    """
    workspace = str((await call(services.client.auth_test()))["url"]).rstrip("/")
    places = [(each.channel_id, await services.posting.ts_of(each)) for each in posted]
    places += [(channel, "") for channel in channels]
    links = dict.fromkeys(_link(workspace, channel, ts) for channel, ts in places)
    if not await services.database.write(partial(hand_over, team_id=team_id, links=list(links))):
        raise NotDeleted


async def forget(services: DeliveryServices, claim: Claim) -> None:
    """Delete the bot's messages about an item, then forget the item.

    Raises:
        NotDeleted: Slack refused to delete a message. The item is forgotten when all are gone, or when Slack
            has refused for so long that the coordinators get the list.
    """
    item = claim.notification.item or ""
    found = await services.database.write(lambda uow: begin_forgetting(uow, item))
    if found is None:
        return
    posted = await services.database.read(lambda uow: uow.find(Posted, item=item))
    standing = [each for each in posted if not await services.posting.take_away(each)]
    if standing:
        if not refused_long_enough(found.erasing_since, services.clock.now()):
            raise NotDeleted
        await hand_over_links(services, found.team_id, standing, [])
    await services.database.write(lambda uow: forget_item(uow, item))


async def item_turns(services: DeliveryServices, claim: Claim) -> None:
    await services.database.write(partial(turn, item=claim.notification.item or ""))


def _link(workspace: str, channel: str, ts: str) -> str:
    """The address of a channel, or of a message in it (docs/slack-facts.md)."""
    return f"{workspace}/archives/{channel}" + (f"/p{ts.replace('.', '')}" if ts else "")


def leftovers_message(words: Words, noted: Leftovers, *, reminds: bool = False) -> Message:
    """To a coordinator: links to the messages left, until they are cleared away; a reminder has no links."""
    if noted.cleared:
        return Message([section(words("leftovers.cleared"))])
    pressed = actions(button(words("press.cleared"), CLEARED, noted.id, primary=True))
    if not noted.links:
        return Message([section(words("leftovers.too-old")), pressed])
    if reminds:
        return Message([section(words("leftovers.reminder")), pressed])
    told = words.count("leftovers.stands", len(noted.links), day=words.day(noted.links_until))
    links = sections("\n".join(f"<{link}>" for link in noted.links))
    return Message([section(told), *links, pressed])


def _left_standing(ctx: PersonRenderContext) -> Message | None:
    told, noted = ctx.notification, ctx.uow.get(Leftovers, ctx.notification.subject)
    if noted is None or not still_stands(told, standing(ctx.uow, noted), ctx.now):
        return None
    return leftovers_message(ctx.words, noted, reminds=told.params is not None)


LEFTOVERS = Subject(
    verbs=(Button(CLEARED, Action.CLEAR_LEFTOVERS, tap(clear_leftovers)),),
    notifications=(
        PersonMessage(Kind.LEFT_STANDING, _left_standing),
        Job(Kind.FORGET, forget),
        Job(Kind.ITEM_TURNS, item_turns),
    ),
)
