"""An agency stayed away without a word. Its own people are told its role and the time, and no code."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.case import Attendance, Duty
from bot.domain.follow_up import leaders_to_tell
from handlers.blocks import phrases
from handlers.blocks.calls import line_of
from handlers.blocks.elements import actions, button, lines, section
from handlers.blocks.scene import Message, Scene
from handlers.ids import ActionId


def _absence(scene: Scene) -> Duty | None:
    """The duty, as long as it stands in the register that nobody came and nobody had told."""
    file = scene.file
    duty = next((d for d in file.duties if d.id == scene.intent.subject), None)
    if duty is None or not file.open or duty.attendance is not Attendance.ABSENT_WITHOUT_NOTICE:
        return None
    return duty if file.involvement(duty.involvement_id).ended_at is None else None


def _named(scene: Scene, duty: Duty) -> dict[str, str]:
    return {
        "team": phrases.team(scene),
        "agency": scene.agency(scene.file.agency_of(duty.involvement_id)),
        "when": phrases.when(scene, scene.file.meeting(duty.meeting_id)),
        "coordinator": phrases.coordinator(scene),
    }


def absence_reason(scene: Scene) -> Message | None:
    """To the agency's lead in the case: why did nobody come? Subject: the duty."""
    duty, reader = _absence(scene), scene.recipient
    if duty is None or reader is None:
        return None
    lead = scene.file.lead(duty.involvement_id)
    if lead is None or lead.person_id != reader.id:
        return None
    if not scene.file.reached_directly(reader.id, duty.involvement_id):
        return None
    words, reason = scene.words, duty.absence_reason
    said = words("absence.said", reason=words(f"decline.{reason}")) if reason else words("absence.why")
    press = button(
        words("press.change-reason" if reason else "press.explain"),
        ActionId.EXPLAIN_ABSENCE,
        duty.id,
        primary=reason is None,
    )
    told = words("absence.leader-told-you") if leaders_to_tell(scene.file, duty) else None
    text = lines(words("absence.asked", **_named(scene, duty)), told, said)
    return Message(words("absence.asked-short"), [section(text), actions(press)])


def absence_told(scene: Scene) -> Message | None:
    """To a leader of the agency: that nobody came. Subject: the duty."""
    duty, reader = _absence(scene), scene.recipient
    if duty is None or reader is None:
        return None
    if reader.id not in leaders_to_tell(scene.file, duty):
        return None
    return Message(
        scene.words("absence.told-short"), [section(scene.words("absence.told", **_named(scene, duty)))]
    )


def absence(scene: Scene) -> Message | None:
    """To a coordinator: who is asked for the reason, or must be, and what they said. Subject: the duty."""
    duty = _absence(scene)
    if duty is None or not phrases.for_coordinator(scene):
        return None
    words, file = scene.words, scene.file
    lead = file.lead(duty.involvement_id)
    asked = lead is not None and file.reached_directly(lead.person_id, duty.involvement_id)
    agency = file.agency_of(duty.involvement_id)
    if duty.absence_reason is not None:
        state = words("absence.reason", reason=words(f"decline.{duty.absence_reason}"))
    elif asked and lead is not None:
        state = words("absence.lead-asked", person=phrases.contact(scene, lead.person_id, agency))
    else:
        state = lines(words("absence.you-ask"), line_of(scene, agency, lead.person_id if lead else None))
    named = _named(scene, duty) | {"code": phrases.code(scene)}
    told = words("absence.leader-told" if leaders_to_tell(file, duty) else "absence.tell-leader")
    blocks = [section(lines(words("absence.coordinator", **named), state, told))]
    if not asked or duty.absence_reason is not None:
        label = words("press.change-reason" if duty.absence_reason else "press.record-reason")
        blocks.append(actions(button(label, ActionId.EXPLAIN_ABSENCE, duty.id)))
    return Message(words("absence.coordinator-short"), blocks)


def director_text(scene: Scene) -> Message | None:
    """To a coordinator: a text for the municipal director, ready to copy. Subject: the duty.

    The mark is when the meeting before began, to which the agency did not come either.
    """
    duty = _absence(scene)
    if duty is None or not phrases.for_coordinator(scene) or not scene.intent.mark.isdecimal():
        return None
    words, file = scene.words, scene.file
    before = datetime.fromtimestamp(int(scene.intent.mark), UTC).astimezone(scene.zone).date()
    last = file.meeting(duty.meeting_id).starts_at.astimezone(scene.zone).date()
    named = _named(scene, duty)
    text = words(
        "director.text",
        team=named["team"],
        agency=named["agency"],
        first=words.day(before),
        second=words.day(last),
    ).replace("`", "'")
    return Message(
        words("director.short"),
        [section(words("director.offered", agency=named["agency"])), section(f"```\n{text}\n```")],
    )
