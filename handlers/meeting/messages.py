"""Messages about a meeting: moved, called off, soon, missing, proposed."""

from __future__ import annotations

from bot.domain.answers import standing_at
from bot.domain.case.entities import Answer, Case, Duty, Meeting
from bot.domain.meeting import last_of_rhythm, proposed_time
from bot.domain.notifications import Kind
from bot.domain.overview.reminder_plan import superseded
from bot.domain.overview.told import is_summoned
from handlers.answers.messages import buttons, here
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, RenderContext
from handlers.blocks.elements import ActionId, actions, bullets, button, lines, section
from handlers.blocks.formatting import short_message
from handlers.delivery.declarations import CaseMessage

NEXT_MEETING = ActionId("next_meeting", "case")
POSTPONE = ActionId("postpone", "meeting")


def meeting_moved(ctx: RenderContext, meeting: Meeting) -> Message:
    """To a coordinator who did not move it: the new time and place; an older move's message is deleted.

    People who are asked again read it in the new summons, and the card shows it.
    """
    place = formatting.where(ctx.words, meeting)
    when = formatting.span(ctx, meeting)
    moved = formatting.moved_from(ctx, meeting)
    text = ctx.words("notice.meeting-moved", code=formatting.code(ctx), moved=moved, when=when, where=place)
    return short_message(text)


def meeting_cancelled(ctx: RenderContext, meeting: Meeting) -> Message:
    """To the room and to everybody who was asked: nobody has to come.

    A deputy's seat ends with the meeting, so they are told only the time, which they already know.
    """
    file, reader = ctx.file, ctx.recipient
    key = "notice.meeting-cancelled"
    if reader is None:
        key = "notice.meeting-cancelled-room"
    elif reader.id not in file.room_people():
        key = "notice.meeting-cancelled-deputy"
    when = formatting.when(ctx, meeting)
    by_mail = "entry.room-by-mail" if reader is None else "entry.by-mail"
    mailed = formatting.told_by_mail(file, reader.id if reader is not None else None)
    calendar = ctx.words(by_mail if mailed else "entry.by-hand")
    text = ctx.words(key, when=when, code=formatting.code(ctx), calendar=calendar)
    return short_message(text)


def meeting_soon(ctx: RenderContext, meeting: Meeting) -> Message | None:
    """Before a meeting: to a contact their own part, to a coordinator who comes.

    Until it begins each can answer here; during it there are a way into the room and «Jeg er til stede». Of
    two only the last one stands.
    """
    file, reader, begun = ctx.file, ctx.reader, meeting.starts_at <= ctx.now
    if (begun and not ctx.stands) or meeting.ends_at <= ctx.now:
        return None
    if superseded(file, ctx.notification, ctx.now):
        return None
    own = [
        a
        for a in file.asks
        if a.meeting_id == meeting.id
        and a.person_id == reader.id
        and a.answer is not Answer.DECLINED
        and is_summoned(file, a)
    ]
    coordinates = formatting.for_coordinator(ctx)
    if not own and not coordinates and not file.is_liaison(reader.id):
        return None
    today = meeting.starts_at.astimezone(ctx.zone).date() == ctx.now.astimezone(ctx.zone).date()
    key = "reminder.soon-begun" if begun else "reminder.soon-today" if today else "reminder.soon"
    # The message may be read later than it was sent.
    when, clock = (said(meeting.starts_at, ctx.zone) for said in (ctx.words.anew, ctx.words.spoken))
    blocks = [
        section(ctx.words(key, code=formatting.code(ctx), when=when, clock=clock)),
        section(
            lines(
                formatting.time_alone(ctx, meeting),
                ctx.words("said.where", where=formatting.where(ctx.words, meeting)),
                formatting.way_to_room(ctx) if begun else None,
                formatting.agenda(ctx, meeting),
            )
        ),
    ]
    if coordinates:
        blocks.append(section(_agencies(ctx, file.duties_of(meeting.id))))
    if begun and own:
        blocks += here(ctx, own[0])
    for ask in () if begun else own:
        blocks += [section(ctx.words(f"reminder.soon-{ask.answer or 'unanswered'}")), buttons(ctx, ask)]
    return Message(blocks)


def _agencies(ctx: RenderContext, duties: list[Duty]) -> str:
    found = (standing_at(ctx.file, d) for d in duties)
    listed = [
        f"{ctx.agency(ctx.file.agency_of(each.involvement.id))}: {ctx.words(f'duty.{each.state}')}"
        for each in found
    ]
    return ctx.words("reminder.soon-agencies", lines=bullets(listed, most=2500))


def no_meeting_ahead(ctx: RenderContext, _: Case) -> Message:
    """To a coordinator: an acute case has no meeting close enough ahead."""
    days = ctx.file.team.rules.acute_meeting_within_days
    text = ctx.words.count("reminder.no-meeting", days, code=formatting.code(ctx))
    return Message([section(text), actions(next_meeting(ctx))])


def next_meeting(ctx: RenderContext) -> Block:
    return button(ctx.words("press.next-meeting"), NEXT_MEETING, ctx.file.case.id)


def meeting_proposed(ctx: RenderContext, last: Meeting) -> Message | None:
    """To a coordinator: the proposed time of the next meeting. Deleted when the meeting is called."""
    file, words = ctx.file, ctx.words
    at = proposed_time(file, last, ctx.now) if last_of_rhythm(file, ctx.now) == last else None
    if at is None or file.case.rhythm is None:
        return None
    text = words(
        "phases.proposed",
        code=formatting.code(ctx),
        rhythm=words(f"rhythm.{file.case.rhythm}"),
        when=words.when(at, ctx.zone),
    )
    call = button(words("press.proposed-meeting"), NEXT_MEETING, file.case.id, primary=True)
    return Message([section(text), actions(call)])


NOTIFICATIONS = (
    CaseMessage(Kind.MEETING_MOVED, meeting_moved),
    CaseMessage(Kind.MEETING_CANCELLED, meeting_cancelled),
    CaseMessage(Kind.MEETING_PROPOSED, meeting_proposed),
    CaseMessage(Kind.MEETING_SOON, meeting_soon),
    CaseMessage(Kind.NO_MEETING_AHEAD, no_meeting_ahead),
)
