"""What has happened, said once: to the room, to the coordinators, or to the one it concerns."""

from __future__ import annotations

from bot.domain.directory.entities import Agency
from bot.domain.notifications import REMINDERS, Kind
from handlers.blocks import formatting
from handlers.blocks.context import Message, Scene
from handlers.blocks.elements import lines
from handlers.blocks.formatting import is_about_case, short_message, way_to_room


def intruder(scene: Scene) -> Message | None:
    """To a coordinator, loudly: someone without a right came into the room. Subject: the case."""
    if not is_about_case(scene) or not formatting.for_coordinator(scene):
        return None
    text = scene.words("notice.intruder", code=formatting.code(scene))
    return short_message(scene.words("notice.intruder-short"), lines(text, way_to_room(scene)))


def kick_refused(scene: Scene) -> Message | None:
    """To the room and a coordinator, loudly: Slack refuses the removal. Goes when they are out."""
    if not is_about_case(scene) or not scene.file.room.kick_refused:
        return None
    short = scene.words("notice.kick-refused-short")
    if scene.recipient is None:
        return short_message(short, scene.words("notice.kick-refused-room"))
    if not formatting.for_coordinator(scene):
        return None
    return short_message(
        short, lines(scene.words("notice.kick-refused", code=formatting.code(scene)), way_to_room(scene))
    )


def not_delivered(scene: Scene) -> Message | None:
    """To a coordinator: something will not arrive. Subject: that of what did not arrive.

    The mark is «kind.mark.recipient» of what did not arrive.
    """
    if not formatting.for_coordinator(scene):
        return None
    kind, _, rest = scene.intent.mark.partition(".")
    person_id = rest.rpartition(".")[2]
    named = {"what": scene.words(f"undelivered.{_what(kind)}"), "code": formatting.code(scene)}
    short = scene.words("notice.not-delivered-short")
    if person_id == "room":
        return short_message(short, scene.words("notice.not-delivered-room", **named))
    agency = _agency_of_subject(scene)
    if agency is None:
        if person_id not in scene.file.persons:
            return None
        person = formatting.mention(scene.file, person_id) or scene.words("person.unknown")
        return short_message(short, scene.words("notice.not-delivered-person", person=person, **named))
    person = formatting.contact(scene, person_id, agency)
    by_mail = "-mail" if kind == Kind.MAIL_INVITE else ""
    text = scene.words(f"notice.not-delivered{by_mail}", person=person, agency=scene.agency(agency), **named)
    return short_message(short, lines(text, formatting.duty_line(scene, agency)))


def _what(kind: str) -> str:
    if kind in REMINDERS or kind == Kind.UNANSWERED:
        return "reminder"
    return kind if kind in ("acknowledgement", "summons", "invite") else "other"


def _agency_of_subject(scene: Scene) -> Agency | None:
    file, subject = scene.file, scene.intent.subject
    ask, seat = file.ask(subject), file.seat(subject)
    if ask is not None:
        return file.agency_of_ask(ask)
    step = next((s for s in file.steps if s.id == subject), None)
    if step is not None:
        return file.agency_of(file.duty(step.duty_id).involvement_id)
    involvement_id = seat.involvement_id if seat is not None else subject
    involvement = formatting.involvement_of(scene, involvement_id)
    return file.agency_of(involvement.id) if involvement is not None else None
