"""The calendar entry of one person, as a file in their direct messages (calendar.md 11)."""

from __future__ import annotations

from bot.calendar.invite import Invite, build_publish
from bot.domain.case import Answer
from handlers.blocks.elements import lines
from handlers.blocks.scene import File, Scene
from handlers.blocks.summons import own_ask


def invite(scene: Scene, organizer: str) -> File | None:
    """The meeting for the calendar of the person of an ask. Subject: the ask; the mark is its sequence.

    Stands as the summons does, but not after a forfall. `organizer` is an e-mail address. The entry is
    stamped with when the person was asked, so that it is the same file whenever it is made.
    """
    ask = own_ask(scene)
    if ask is None or scene.intent.mark != str(ask.sequence) or ask.answer is Answer.DECLINED:
        return None
    meeting = scene.file.meeting(ask.meeting_id)
    content = build_publish(
        Invite(
            uid=ask.uid,
            sequence=ask.sequence,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            stamped_at=ask.asked_at,
            zone=scene.zone,
            organizer=organizer,
            language=scene.words.language,
        )
    )
    moved = scene.words("entry.moved") if ask.sequence > 0 else None
    return File(f"mote-{ask.uid[:8]}.ics", content, lines(scene.words("entry.text"), moved))
