"""The calendar entry of one person, as a file in their direct messages (calendar.md 11)."""

from __future__ import annotations

from bot.calendar.invite import Invite, build_publish
from bot.domain.calendar_entry import reached_by_mail
from bot.domain.case import Answer
from handlers.blocks.elements import lines
from handlers.blocks.scene import File, Scene
from handlers.blocks.summons import own_ask


def invite(scene: Scene, organizer: str, *, by_mail: bool = False) -> File | None:
    """The meeting for the calendar of the person of an ask. Subject: the ask; the mark is its sequence.

    Stands as the summons does, but not after a forfall, nor (`by_mail`: a mail server is set) where the
    calendar is told by mail. `organizer` is an e-mail address. The entry is
    stamped with when the person was asked, so that it is the same file whenever it is made.
    """
    ask = own_ask(scene)
    if ask is None or scene.intent.mark != str(ask.sequence) or ask.answer is Answer.DECLINED:
        return None
    if by_mail and reached_by_mail(scene.file, ask.person_id, scene.file.duty(ask.duty_id).involvement_id):
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
    moved = scene.words("entry.moved") if ask.asked_anew else None
    return File(f"mote-{ask.uid[:8]}.ics", content, lines(scene.words("entry.text"), moved))
