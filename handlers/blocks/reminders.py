"""The reminders. That the plan still holds them is checked before they come here."""

from __future__ import annotations

from bot.domain.case import Answer, Ask, Duty, Phase
from bot.domain.duty_state import DutyState, duty_state
from handlers.blocks import acknowledgements, phrases
from handlers.blocks.elements import actions, bullets, button, lines, section
from handlers.blocks.scene import Block, Message, Scene
from handlers.blocks.summons import answering, may_see, stands
from handlers.ids import ActionId


def unanswered(scene: Scene) -> Message | None:
    """To the one asked: friendly, how long is left and who is told then. Subject: the ask."""
    file, reader = scene.file, scene.recipient
    ask = file.ask(scene.intent.subject)
    if ask is None or reader is None or ask.person_id != reader.id:
        return None
    if scene.intent.mark != str(ask.sequence):
        return None
    meeting = file.meeting(ask.meeting_id)
    if not ask.open or not stands(scene, ask) or meeting.starts_at <= scene.now:
        return None
    blocks = _to_confirm(scene, ask) if file.awaits_confidentiality(ask) else _to_answer(scene, ask)
    return Message(scene.words("reminder.unanswered-short"), blocks) if blocks else None


def _over(scene: Scene, ask: Ask) -> str:
    return "-over" if ask.window_ends_at <= scene.now else ""


def _to_confirm(scene: Scene, ask: Ask) -> list[Block]:
    seat = phrases.seat_to_confirm(scene, ask)
    if seat is None or not acknowledgements.may_be_asked(scene, seat):
        return []
    text = scene.words(
        f"reminder.unconfirmed{_over(scene, ask)}",
        team=phrases.team(scene),
        agency=scene.agency(scene.file.agency_of_ask(ask)),
        coordinator=phrases.coordinator(scene),
        due=scene.words.when(ask.window_ends_at, scene.zone),
    )
    meeting = scene.file.meeting(ask.meeting_id)
    return [
        section(text),
        section(phrases.occasion(scene, meeting, confirmed=False)),
        section(scene.words("reminder.confidentiality-first")),
        acknowledgements.buttons(scene, seat),
    ]


def _to_answer(scene: Scene, ask: Ask) -> list[Block]:
    if not may_see(scene, ask):
        return []
    meeting = scene.file.meeting(ask.meeting_id)
    text = scene.words(
        f"reminder.unanswered{_over(scene, ask)}",
        code=phrases.code(scene),
        coordinator=phrases.coordinator(scene),
        due=scene.words.when(ask.window_ends_at, scene.zone),
    )
    agency = scene.agency(scene.file.agency_of_ask(ask))
    duty = scene.words("summons.duty" if ask.deputy_for is None else "summons.deputy-duty", agency=agency)
    return [
        section(lines(text, duty)),
        section(lines(phrases.occasion(scene, meeting), phrases.agenda(scene, meeting))),
        *answering(scene, ask, meeting)[1:],
    ]


def meeting_soon(scene: Scene) -> Message | None:
    """Before a meeting: to a contact their own part, to a coordinator who comes. Subject: the meeting."""
    file, reader = scene.file, scene.recipient
    meeting = phrases.meeting_of(scene, scene.intent.subject)
    if meeting is None or reader is None or not meeting.live or meeting.starts_at <= scene.now:
        return None
    own = [
        a
        for a in file.asks
        if a.meeting_id == meeting.id
        and a.person_id == reader.id
        and a.answer is not Answer.DECLINED
        and may_see(scene, a)
    ]
    coordinates = phrases.for_coordinator(scene) and file.open
    if not own and not coordinates and not file.is_liaison(reader.id):
        return None
    blocks = [
        section(scene.words("reminder.soon", code=phrases.code(scene))),
        section(lines(phrases.occasion(scene, meeting), phrases.agenda(scene, meeting))),
    ]
    if coordinates:
        blocks.append(section(_agencies(scene, file.duties_of(meeting.id))))
    for ask in own:
        state = "unanswered" if ask.answer is None else "confirmed"
        blocks.append(section(scene.words(f"reminder.soon-{state}")))
        blocks.extend(answering(scene, ask, meeting)[1:])
    return Message(scene.words("reminder.soon-short", when=phrases.when(scene, meeting)), blocks)


def _agencies(scene: Scene, duties: list[Duty]) -> str:
    order = list(DutyState)
    by_state = sorted(duties, key=lambda d: order.index(duty_state(scene.file, d)))
    listed = [
        scene.words(
            "reminder.soon-agency",
            agency=scene.agency(scene.file.agency_of(duty.involvement_id)),
            duty=scene.words(f"duty.{duty_state(scene.file, duty)}"),
        )
        for duty in by_state
    ]
    return scene.words("reminder.soon-agencies", lines=bullets(listed, most=2500))


def register(scene: Scene) -> Message | None:
    """To a coordinator, the morning after: who came, and when next. Subject: the meeting."""
    meeting = phrases.meeting_of(scene, scene.intent.subject)
    if meeting is None or not phrases.for_coordinator(scene) or not scene.file.open:
        return None
    if not meeting.live or meeting.ends_at > scene.now:
        return None
    text = scene.words("reminder.register", code=phrases.code(scene), when=phrases.when(scene, meeting))
    return Message(
        scene.words("reminder.register-short"),
        [
            section(text),
            actions(
                button(scene.words("press.attendance"), ActionId.ATTENDANCE, meeting.id, primary=True),
                _next_meeting(scene),
            ),
        ],
    )


def no_meeting_ahead(scene: Scene) -> Message | None:
    """To a coordinator: an acute case has no meeting close enough ahead. Subject: the case."""
    case = scene.file.case
    if scene.intent.subject != case.id or not phrases.for_coordinator(scene):
        return None
    if not scene.file.open or case.phase is not Phase.ACUTE:
        return None
    days = scene.file.team.rules.acute_meeting_within_days
    text = scene.words.count("reminder.no-meeting", days, code=phrases.code(scene))
    return Message(scene.words("reminder.no-meeting-short"), [section(text), actions(_next_meeting(scene))])


def _next_meeting(scene: Scene) -> Block:
    return button(scene.words("press.next-meeting"), ActionId.NEXT_MEETING, scene.file.case.id)
