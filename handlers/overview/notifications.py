"""Notifications that cover all subjects: the card in its room, Home, and what waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog

from bot.domain.case.entities import FormerRoom
from bot.domain.convening import Convening
from bot.domain.directory.entities import Contact, Person
from bot.domain.guidance import Guidance
from bot.domain.joint import JointMeeting, JointMeetingView
from bot.domain.notifications import Kind, Notification, Occurrence, Waited
from bot.domain.outside import Asked, AskedView
from bot.domain.room import WITHOUT_BOT
from bot.usecases import profile
from bot.usecases.authorization import teams_of
from bot.usecases.joint import joint_meeting_view
from bot.usecases.outside import asked_view
from bot.usecases.ports import Claim, Posted, UnitOfWork, case_files
from bot.usecases.profile import cases_at_home
from bot.usecases.review import unfinished
from handlers.blocks.context import Message, PersonRenderContext, RenderContext
from handlers.blocks.lock_screen import lock_screen
from handlers.delivery.calls import NotReady, OutcomeUnknown, RetryAfter, SlackRefused, call, refused
from handlers.delivery.copies import reconcile_copies
from handlers.delivery.declarations import Job, PersonMessage
from handlers.delivery.rooms import RoomWanted, wanted_room
from handlers.delivery.services import DeliveryServices
from handlers.delivery.target import Target, find_posted, room_place
from handlers.overview.card import card
from handlers.overview.home import home_view
from handlers.overview.home_model import HomeModel
from handlers.overview.waiting import open_asks, summary, wait_over

log = structlog.get_logger(__name__)

# --- the room and its card


@dataclass(frozen=True, slots=True)
class RoomToDo:
    """A room as it should be, its card, and the former rooms of the case."""

    room: RoomWanted | None
    card: Target | None
    former: list[FormerRoom]


def _room(services: DeliveryServices, uow: UnitOfWork, of: Notification) -> RoomToDo:
    wanted = wanted_room(uow, of.subject)
    has_card = wanted is None or wanted.file.room.trouble is None
    former = uow.find(FormerRoom, case_id=of.subject, emptied_at=None)
    return RoomToDo(wanted, card_target(services, uow, of) if has_card else None, former)


async def reconcile_room(services: DeliveryServices, claim: Claim) -> None:
    """Reconcile the room and its members, then its card, then the former rooms."""
    case_id, look = claim.notification.subject, partial(_room, services, of=claim.notification)
    todo = claim.fresh_preparation() or await services.database.read(look)
    room = await services.rooms.reconcile(claim, todo.room)
    if todo.room is None or room is not todo.room.file.room:
        todo = await services.database.read(look)
    target, anew = todo.card, None
    if target is not None:
        # If only the card is left to do, the transaction that remembers it also ends the entry.
        last = None if todo.former or target.posted is None else partial(_conclude, claim)
        if await services.posting.reconcile(claim, target, last) or claim.attempts > 1:
            anew = await _posted_anew(services, claim, target)
    elif room is not None and room.trouble is not None and room.trouble not in WITHOUT_BOT:
        await services.posting.clear(case_id, str(room.channel_id), again=True)
    for each in todo.former if room is not None else ():
        if await services.rooms.reaches(each.channel_id):
            cleared = await services.posting.clear(case_id, each.channel_id)
            await services.rooms.leave(each, cleared=cleared)
    if anew is not None:
        await _pin(services, anew)


async def _pin(services: DeliveryServices, card: Posted) -> None:
    """Pin the card, so that it is found when much has been written after it.

    The pin is optional: a refusal is only logged, and there is no retry when Slack is too busy. Owners may
    forbid pinning.
    """
    try:
        await call(services.client.pins_add(channel=card.channel_id, timestamp=card.ts))
    except SlackRefused as refusal:
        if refusal.code != "already_pinned":
            log.warning("pin.refused", code=refusal.code)
    except (OutcomeUnknown, RetryAfter) as error:
        log.warning("pin.refused", error=type(error).__name__)


def _conclude(claim: Claim, uow: UnitOfWork, new: bool) -> bool:
    """As `Conclude`: every change enqueues the room, but a new card is checked again."""
    if not new:
        uow.delivered(claim)
    return not new


async def _posted_anew(services: DeliveryServices, claim: Claim, before: Target) -> Posted | None:
    """Return the card if this attempt posted it, or an interrupted earlier attempt may have."""
    key, notification = before.key, claim.notification
    posted = await services.database.read(lambda uow: find_posted(uow, notification, key))
    stood = before.posted.ts if before.posted is not None else None
    return posted if posted is not None and (posted.ts != stood or claim.attempts > 1) else None


def card_target(services: DeliveryServices, uow: UnitOfWork, notification: Notification) -> Target:
    """Return the card as it should be now, and as it is posted.

    Raises:
        NotReady: there is no such case.
    """
    file = uow.case_file(notification.subject)
    if file is None:
        raise NotReady
    key = f"card:{notification.subject}"
    room, words, now = file.room, services.words(uow, None, file), services.clock.now()
    # `reconcile_room` deletes the card in a room in trouble, as far as it can; here it is left alone.
    stands = room.channel_id is not None and not room.archived and room.trouble is None
    wanted, said = None, ""
    if stands and not file.case.is_being_erased:
        wanted = card(RenderContext(file, notification, None, words, now))
        said = lock_screen(words, notification.kind, wanted, now, file.team.time_zone)
    posted = find_posted(uow, notification, key) if room.trouble is None else None
    return Target(wanted, room_place(file, wanted, now), posted, key, said)


# --- Home


async def publish_home(services: DeliveryServices, claim: Claim) -> None:
    """Publish a person's Home as it is now; somebody who has left Slack has none.

    A Home that Slack refuses for good is left until it changes again.
    """
    person_id = claim.notification.subject
    view = await services.database.read(lambda uow: _home_view(services, uow, person_id))
    if view is None:
        return
    slack_id, blocks = view
    code = await refused(services.client.views_publish(user_id=slack_id, view=blocks))
    if code and code not in ("user_not_found", "not_enabled"):
        log.warning("delivery.refused", code=code, kind=Kind.HOME.value, row=claim.id)


def _home_view(
    services: DeliveryServices, uow: UnitOfWork, person_id: str
) -> tuple[str, dict[str, object]] | None:
    person = uow.get(Person, person_id)
    if person is None or person.slack_id is None or person.deactivated or not person.home:
        return None
    teams, files = teams_of(uow, person), cases_at_home(uow, person)
    ids = {team.id for team in teams}
    model = HomeModel(
        person,
        files,
        teams,
        words=services.words(uow, person),
        now=services.clock.now(),
        zone=files[0].team.time_zone if files else profile.zone_of(uow),
        contacts=uow.find(Contact, person_id=person.id, retired=False, waits=False),
        guidance=_asked(uow, Guidance, ids),
        requests=_asked(uow, Convening, ids),
        joint=_joint(uow, person, ids),
        all_teams=uow.teams(),
        unfinished=unfinished(uow, person),
    )
    return person.slack_id, home_view(model)


def _asked(uow: UnitOfWork, kind: type[Asked], teams: set[str]) -> list[AskedView[Asked]]:
    """Return the open questions of a kind to these teams."""
    open_ones = (each.id for each in uow.find(kind, purged_at=None) if each.open and each.team_id in teams)
    return [view for id in open_ones if (view := asked_view(kind, uow, id)) is not None]


def _joint(uow: UnitOfWork, person: Person, teams: set[str]) -> list[JointMeetingView]:
    """Return the coming joint meetings of these teams, and those to which the person is invited."""
    ahead = (m.id for m in uow.find(JointMeeting, purged_at=None) if m.live and m.ends_at > uow.now)
    views = [view for id in ahead if (view := joint_meeting_view(uow, id)) is not None]
    return [v for v in views if v.team.id in teams or v.invitation_on_slack(person.id) is not None]


# --- what waits for a person


def _what_waits(ctx: PersonRenderContext, build: Callable[[HomeModel], Message]) -> Message:
    files = [*case_files(ctx.uow, ctx.uow.cases_with(ctx.person.id))]
    return build(HomeModel(ctx.person, files, teams_of(ctx.uow, ctx.person), words=ctx.words, now=ctx.now))


def _open_asks(ctx: PersonRenderContext) -> Message | None:
    """Return what waits, in answer to a message; None once a later one of the same person is answered."""
    answered = ctx.uow.find(Posted, case_id=None, kind=Kind.OPEN_ASKS, person_id=ctx.person.id)
    own = ctx.notification.params_as(Occurrence).id
    if any(isinstance(posted.params, Occurrence) and posted.params.id > own for posted in answered):
        return None
    return _what_waits(ctx, open_asks)


def _how_it_ended(ctx: PersonRenderContext) -> Message:
    return wait_over(ctx.words, profile.zone_of(ctx.uow), ctx.notification.params_as(Waited))


NOTIFICATIONS = (
    Job(Kind.ROOM, reconcile_room, _room),
    Job(Kind.COPIES, reconcile_copies),
    Job(Kind.HOME, publish_home),
    PersonMessage(Kind.OPEN_ASKS, _open_asks),
    PersonMessage(Kind.WAIT_OVER, _how_it_ended),
    PersonMessage(Kind.SUMMARY, partial(_what_waits, build=summary)),
)
