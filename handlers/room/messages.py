"""Messages about rooms: people wrongly in or out, trouble with the room, messages that did not arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.domain.case.entities import Case, FormerRoom, Seat, SeatEnd
from bot.domain.directory.entities import Agency
from bot.domain.notifications import At, Kind, Undeleted, Undelivered
from bot.domain.overview import reminder_plan
from bot.usecases.delivery import UNMADE
from handlers.blocks import formatting
from handlers.blocks.context import Message, RenderContext
from handlers.blocks.elements import ActionId, actions, button, lines, section
from handlers.blocks.formatting import short_message, way_to_room
from handlers.delivery.declarations import CaseMessage

NEW_ROOM = ActionId("new_room", "case")


def _of_case(key: str) -> Callable[[RenderContext, Case], Message]:
    """Return a function that tells a coordinator the text of `key`, and the way to the case's room."""

    def show(ctx: RenderContext, _: Case) -> Message:
        return short_message(lines(ctx.words(key, code=formatting.code(ctx)), way_to_room(ctx)))

    return show


def kick_refused(ctx: RenderContext, _: Case) -> Message | None:
    """To the room and a coordinator, loudly: Slack refuses a removal. Deleted when they are out."""
    if not ctx.file.room.kick_refused:
        return None
    if ctx.recipient is None:
        return short_message(ctx.words("notice.kick-refused-room"))
    return short_message(lines(ctx.words("notice.kick-refused", code=formatting.code(ctx)), way_to_room(ctx)))


def contact_gone(ctx: RenderContext, seat: Seat) -> Message | None:
    """To a coordinator: a contact's account is gone, or they have left the case; who is asked instead."""
    file, left = ctx.file, seat.end is SeatEnd.LEFT
    if seat.involvement_id is None:
        return None
    part = file.involvement(seat.involvement_id)
    if not (left or part.live):
        return None
    agency, lead = file.agency_of(part.id), file.lead(part.id)
    who = formatting.contact_and_agency(ctx, seat.person_id, agency)
    key = "notice.contact-left" if left else "notice.contact-gone"
    gone = ctx.words(key, person=who[:1].upper() + who[1:], code=formatting.code(ctx))
    if not part.live:
        return short_message(gone)
    if lead is not None and (lead.confirmed or file.reaches(lead)):
        how, who = "stays" if lead.confirmed else "asked", formatting.contact(ctx, lead.person_id, agency)
        rest = ctx.words(f"notice.contact-gone-{how}", person=who[:1].upper() + who[1:])
    else:
        how = "nobody" if lead is None else "ring"
        rest = lines(ctx.words(f"notice.contact-gone-{how}"), formatting.duty_line(ctx.words, agency))
    return short_message(lines(gone, rest, way_to_room(ctx)))


def app_wrote_here(ctx: RenderContext, _: Case) -> Message:
    """To the room: an app has written something that may not be there."""
    return short_message(ctx.words("notice.app-wrote"))


def not_delivered(ctx: RenderContext, _: str) -> Message | None:
    """To a coordinator: a notification will not arrive."""
    lost = ctx.notification.params_as(Undelivered)
    kind, to = Kind(lost.kind), lost.recipient
    if to is None and lost.which == UNMADE:
        made = ctx.file.room.channel_id is not None
        return None if made else short_message(ctx.words("notice.room-not-made", code=formatting.code(ctx)))
    if to is not None and to not in ctx.file.persons:
        return None
    agency = _agency_of(ctx, to) if to is not None else None
    what = kind if kind in (Kind.ACKNOWLEDGEMENT, Kind.SUMMONS) else "other"
    named = {"what": ctx.words(f"undelivered.{what}"), "code": formatting.code(ctx)}
    if to is None or agency is None:
        return short_message(ctx.words("notice.not-delivered", person=_place(ctx, to), **named))
    if kind is Kind.MAIL_INVITE:
        person = formatting.contact(ctx, to, agency)
        text = ctx.words("notice.not-delivered-mail", person=person, agency=ctx.agency(agency), **named)
    else:
        person = formatting.contact_and_agency(ctx, to, agency)
        text = ctx.words("notice.not-delivered", person=person, **named)
    return short_message(lines(text, formatting.duty_line(ctx.words, agency)))


def not_deleted(ctx: RenderContext, _: Case) -> Message:
    """To a coordinator: where Slack does not let the bot delete its message."""
    to = ctx.notification.params_as(Undeleted).recipient
    text = ctx.words("notice.not-deleted", person=_place(ctx, to), code=formatting.code(ctx))
    return short_message(lines(text, way_to_room(ctx) if to is None else None))


def _place(ctx: RenderContext, recipient: str | None) -> str:
    """Name the reader of a message: a person, or the room."""
    if recipient is None:
        return ctx.words("undelivered.to-room")
    return formatting.mention(ctx.file, recipient) or ctx.words("person.unknown")


def _agency_of(ctx: RenderContext, person_id: str) -> Agency | None:
    agencies = {part.agency_id for part in ctx.file.involvements}
    theirs = (c.agency_id for c in ctx.file.contacts if c.person_id == person_id)
    return next((ctx.file.agencies[id] for id in theirs if id in agencies), None)


def room_trouble(ctx: RenderContext, _: Case) -> Message | None:
    """To a coordinator, loudly, until it is settled: what is wrong, who is inside, what to do.

    The previous message is deleted when the next one comes.
    """
    trouble = ctx.file.room.trouble
    if trouble is None or reminder_plan.superseded(ctx.file, ctx.notification, ctx.now):
        return None
    text = lines(
        ctx.words(f"trouble.{trouble}", code=formatting.code(ctx)),
        _inside(ctx),
        ctx.words(f"trouble.{trouble}-do"),
    )
    press = button(ctx.words("press.new-room"), NEW_ROOM, ctx.file.case.id, primary=True)
    return Message([section(text), section(ctx.words("trouble.new-room")), actions(press)])


def _inside(ctx: RenderContext) -> str:
    """The people inside a room in trouble, as far as the bot knows, and those who should not be there."""
    members, may = ctx.file.room.members, ctx.file.room_people()
    others = _people(ctx, (p for p in members if p not in may))
    return lines(
        _listed(ctx, members), ctx.words("trouble.inside-without-right", people=others) if others else None
    )


def _listed(ctx: RenderContext, members: Iterable[str]) -> str:
    people = _people(ctx, members)
    return ctx.words("trouble.inside", people=people) if people else ctx.words("trouble.nobody-inside")


def _people(ctx: RenderContext, ids: Iterable[str]) -> str:
    """Mentions of people; somebody known only as a sheltering agency's contact has none."""
    mentions = (formatting.mention(ctx.file, person_id) for person_id in ids)
    return ctx.words.several(filter(None, mentions))


def room_settled(ctx: RenderContext, _: Case) -> Message | None:
    """To a coordinator: the room is private again, or there is a new one."""
    if ctx.file.room.trouble is not None:
        return None
    since = ctx.notification.params_as(At).at
    code = formatting.code(ctx)
    former = next((each for each in ctx.file.former_rooms if each.left_at >= since), None)
    if former is None:
        return short_message(lines(ctx.words("settled.same", code=code), way_to_room(ctx)))
    text = ctx.words("settled.new", code=code, former=former.code)
    return short_message(lines(text, way_to_room(ctx), _left(ctx, former)))


def _left(ctx: RenderContext, former: FormerRoom) -> str:
    if former.emptied_at is not None:
        return ctx.words("settled.emptied")
    return lines(ctx.words("settled.not-emptied"), _listed(ctx, former.members))


def not_let_in(ctx: RenderContext, seat: Seat) -> Message | None:
    """To a coordinator: Slack does not let somebody into the room. Deleted when they are in."""
    file = ctx.file
    if not file.opens_room(seat) or seat.person_id not in (file.room.left_out or ()):
        return None
    if seat.involvement_id is not None:
        agency = file.agency_of(seat.involvement_id)
        who = formatting.contact_and_agency(ctx, seat.person_id, agency)
    else:
        who = _place(ctx, seat.person_id)
    return short_message(ctx.words("notice.not-let-in", person=who, code=formatting.code(ctx)))


NOTIFICATIONS = (
    # Loudly: someone without a right came into the room.
    CaseMessage(Kind.INTRUDER, _of_case("notice.intruder")),
    CaseMessage(Kind.KICK_REFUSED, kick_refused),
    CaseMessage(Kind.ROOM_TROUBLE, room_trouble),
    CaseMessage(Kind.ROOM_SETTLED, room_settled),
    CaseMessage(Kind.NOT_LET_IN, not_let_in),
    CaseMessage(Kind.CONTACT_GONE, contact_gone),
    CaseMessage(Kind.APP_WROTE, app_wrote_here),
    # Somebody has deleted the card, which is posted again.
    CaseMessage(Kind.CARD_DELETED, _of_case("notice.card-deleted")),
    CaseMessage(Kind.NOT_DELIVERED, not_delivered),
    # Something of the case cannot be read.
    CaseMessage(Kind.SET_ASIDE, _of_case("notice.set-aside")),
    CaseMessage(Kind.NOT_DELETED, not_deleted),
)
