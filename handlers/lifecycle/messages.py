"""What a phase means for each agency, the next meeting proposed, and a case that waits."""

from __future__ import annotations

from bot.domain.case.entities import Phase
from bot.domain.case.pause import Standstill
from bot.domain.directory.entities import AgencyKind
from bot.texts.words import Words
from bot.usecases.lifecycle.closing import told_by_nobody
from bot.usecases.lifecycle.phases import releasable
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, Scene
from handlers.blocks.elements import actions, bullets, button, lines, section
from handlers.blocks.formatting import is_about_case, short_message, way_to_room
from handlers.slack.ids import ActionId

#: Buttons in one row of a message.
_MOST_BUTTONS = 25


def phase_changed(scene: Scene) -> Message | None:
    """To the room: the phase, and what it means. To a coordinator: whom the room does not reach.

    Subject: the case.
    """
    file = scene.file
    if scene.intent.subject != file.case.id or not file.open:
        return None
    short = scene.words("notice.phase-changed-short")
    title = scene.words("notice.phase-changed", phase=scene.words(f"phase.{file.case.phase}"))
    if scene.recipient is None:
        return Message(short, [section(title), section(bullets(what_it_means(scene)))])
    outside = formatting.outside_the_room(file)
    if not formatting.for_coordinator(scene) or not outside:
        return None
    tell = scene.words("phases.tell", code=formatting.code(scene), agencies=formatting.names(scene, outside))
    return Message(short, [section(tell)])


def what_it_means(scene: Scene) -> list[str]:
    """The answer window, the reminders, the meetings, and who may now leave."""
    words, file, rules = scene.words, scene.file, scene.file.team.rules
    if file.case.phase is Phase.ACUTE:
        return [
            words("phases.window", window=_duration(words, rules.acute_window)),
            words("phases.acute-reminders"),
            words.count("phases.acute-meetings", rules.acute_meeting_within_days),
        ]
    rhythm = file.case.rhythm
    emergency = [i for i in file.current() if file.agency_of(i.id).kind is AgencyKind.CHILD_WELFARE_EMERGENCY]
    meetings = (
        words("phases.rhythm", rhythm=words(f"rhythm.{rhythm}")) if rhythm else words("phases.no-rhythm")
    )
    leave = words("phases.may-leave", coordinator=formatting.coordinator(scene))
    named = words("phases.may-leave-first", agencies=formatting.names(scene, emergency)) if emergency else ""
    return [
        words("phases.window", window=_duration(words, rules.working_window)),
        words("phases.working-reminders"),
        meetings,
        " ".join(part for part in (leave, named) if part),
    ]


def _duration(words: Words, minutes: int) -> str:
    if minutes % 60 == 0 and minutes > 60:
        return words.count("phases.hours", minutes // 60)
    return words.count("phases.minutes", minutes)


def waits_line(scene: Scene) -> str | None:
    """On the card: why the case waits, until when, and who makes contact."""
    standstill = scene.file.standstill
    return _waits(scene, standstill, "pause.card") if standstill is not None else None


def _waits(scene: Scene, standstill: Standstill, key: str) -> str:
    return scene.words(
        key,
        reason=scene.words(f"standstill.{standstill.reason}"),
        day=scene.words.day(standstill.contact_on),
        agency=scene.agency(scene.file.agency_of(standstill.involvement_id)),
    )


def _standing(scene: Scene) -> Standstill | None:
    standstill = scene.file.standstill
    here = standstill is not None and scene.file.open and standstill.id == scene.intent.subject
    return standstill if here else None


def case_waits(scene: Scene) -> Message | None:
    """To the room: that the case waits. Goes when it goes on. Subject: the standstill."""
    standstill = _standing(scene)
    if standstill is None or scene.recipient is not None:
        return None
    return Message(scene.words("pause.short"), [section(_waits(scene, standstill, "pause.room"))])


def case_goes_on(scene: Scene) -> Message | None:
    """To the room: that the case no longer waits. Subject: the standstill that is over."""
    over = any(s.id == scene.intent.subject and s.ended_at is not None for s in scene.file.standstills)
    if not over or not scene.file.open or scene.recipient is not None:
        return None
    return Message(scene.words("pause.over-short"), [section(scene.words("pause.over"))])


def release_offered(scene: Scene) -> Message | None:
    """To a coordinator: the agencies without a role while the case waits. Subject: the standstill."""
    standstill = _standing(scene)
    if standstill is None or not formatting.for_coordinator(scene):
        return None
    parts = releasable(scene.file, standstill)
    if not parts:
        return None
    buttons = [
        button(
            scene.words("press.release-agency", agency=scene.file.agency_of(part).shown_name),
            ActionId.INVOLVEMENT,
            f"release:{part}",
        )
        for part in parts[:_MOST_BUTTONS]
    ]
    text = scene.words("pause.release", code=formatting.code(scene))
    return Message(scene.words("pause.release-short"), [section(text), *_rows(buttons)])


def _rows(buttons: list[Block]) -> list[Block]:
    """One action id stands only once in a row."""
    return [actions(each) for each in buttons]


def contact_due(scene: Scene) -> Message | None:
    """On the day: to the agency that makes contact, and to the coordinators. Subject: the standstill."""
    standstill, reader = _standing(scene), scene.recipient
    if standstill is None or reader is None:
        return None
    short = scene.words("pause.due-short")
    if formatting.for_coordinator(scene):
        text = _waits(scene, standstill, "pause.due-coordinator")
        case_id = scene.file.case.id
        return Message(
            short,
            [
                section(lines(scene.words("pause.due-case", code=formatting.code(scene)), text)),
                actions(
                    button(scene.words("press.next-meeting"), ActionId.NEXT_MEETING, case_id),
                    button(scene.words("press.wait"), ActionId.WAIT, case_id),
                ),
            ],
        )
    seats = scene.file.seats_for(standstill.involvement_id)
    if not any(s.person_id == reader.id and scene.file.opens_room(s) for s in seats):
        return None
    text = scene.words("pause.due", code=formatting.code(scene), coordinator=formatting.coordinator(scene))
    return Message(short, [section(text)])


def case_closed(scene: Scene) -> Message | None:
    """To the room: closed, and when it is deleted. To a coordinator: whom to tell. Subject: the case."""
    case = scene.file.case
    if not is_about_case(scene) or case.closed_at is None or case.delete_on is None:
        return None
    if scene.recipient is not None:
        return _closed_to_tell(scene)
    day = scene.words.day(case.delete_on)
    text = scene.words("notice.case-closed", day=day[:1].upper() + day[1:])
    return short_message(scene.words("notice.case-closed-short"), text)


def _closed_to_tell(scene: Scene) -> Message | None:
    parts = told_by_nobody(scene.file)
    if not parts or not formatting.for_coordinator(scene):
        return None
    named = {"code": formatting.code(scene), "agencies": formatting.names(scene, parts)}
    text = scene.words("notice.case-closed-tell", **named)
    return short_message(scene.words("notice.case-closed-tell-short"), text)


def deletion_soon(scene: Scene) -> Message | None:
    """To a coordinator: what others have written in the room goes only by hand. Subject: the case."""
    case = scene.file.case
    if not is_about_case(scene) or case.delete_on is None or not formatting.for_coordinator(scene):
        return None
    named = {"code": formatting.code(scene), "day": scene.words.day(case.delete_on)}
    text = lines(scene.words("notice.deletion-soon", **named), way_to_room(scene))
    return short_message(scene.words("notice.deletion-soon-short"), text)
