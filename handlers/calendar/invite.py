"""The calendar entry of one person, as a file in their direct messages (calendar.md 11)."""

from __future__ import annotations

from datetime import datetime

from bot.calendar.invite import Invite, build_publish
from bot.domain.calendar.entry import is_refused, may_mail
from bot.domain.case.entities import Answer, Ask
from bot.domain.case.links import LiaisonInvitation
from handlers.answers.messages import own_ask
from handlers.blocks import formatting
from handlers.blocks.context import File, Scene
from handlers.blocks.elements import lines


def invite(scene: Scene, organizer: str, *, by_mail: bool = False) -> File | None:
    """The meeting for the calendar of the person of an ask, or of a liaison. The mark is its sequence.

    An ask's stands as the summons does, but not after a forfall, nor (`by_mail`: a mail server is set) where
    the calendar is told by mail. `organizer` is an e-mail address. The entry is stamped with when the person
    was asked, so that it is the same file whenever it is made.
    """
    asked, asked_at = _of_ask(scene) or _of_invitation(scene) or (None, scene.now)
    if asked is None or scene.intent.mark != str(asked.sequence):
        return None
    if (
        by_mail
        and may_mail(scene.file, asked)
        and (isinstance(asked, Ask) or not is_refused(scene.file, asked))
    ):
        return None
    meeting = scene.file.meeting(asked.meeting_id)
    content = build_publish(
        Invite(
            uid=asked.uid,
            sequence=asked.sequence,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            stamped_at=asked_at,
            zone=scene.zone,
            organizer=organizer,
            language=scene.words.language,
            required=isinstance(asked, Ask),
        )
    )
    again = asked.asked_anew if isinstance(asked, Ask) else asked.moved
    moved = scene.words("entry.moved") if again else None
    may_come = (
        None
        if isinstance(asked, Ask)
        else scene.words("entry.may-come", when=formatting.when(scene, meeting))
    )
    text = lines(may_come, scene.words("entry.text"), moved)
    return File(f"mote-{asked.uid[:8]}.ics", content, text)


def _of_ask(scene: Scene) -> tuple[Ask, datetime] | None:
    ask = own_ask(scene)
    return (ask, ask.asked_at) if ask is not None and ask.answer is not Answer.DECLINED else None


def _of_invitation(scene: Scene) -> tuple[LiaisonInvitation, datetime] | None:
    """The reader's own, while the meeting is theirs to come to."""
    asked, reader = scene.file.asked(scene.intent.subject), scene.recipient
    if not isinstance(asked, LiaisonInvitation) or reader is None or asked.person_id != reader.id:
        return None
    return (asked, asked.invited_at) if scene.file.invitation_stands(asked) else None
