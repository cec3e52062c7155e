"""What is said to the coordinators of mail about a joint meeting: mail that does not arrive, odd answers."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.calendar_entry import Post
from bot.domain.calendar_reply import Doubt, PartStat
from bot.domain.joint_meeting import JointInvitation
from bot.texts import Words
from bot.usecases.joint.standing import Gathering
from handlers.blocks.by_calendar import proposed_start
from handlers.blocks.elements import bullets, lines, section
from handlers.blocks.joint import named, topic, when, with_line
from handlers.blocks.scene import Message, escape


def undelivered(words: Words, now: Gathering, reader: str) -> Message | None:
    """Which invitations wait for an operator, and whose address is refused. Goes when none does."""
    if reader not in now.coordinators or not now.meeting.live:
        return None
    found = [(i, e) for i in now.invited for e in now.entries_of(i) if not e.cancelled and now.by_mail(i)]
    waiting = [(i, e) for i, e in found if e.trouble is not None]
    refused = [i for i, e in found if e.post is Post.REFUSED]
    if not waiting and not refused:
        return None
    about = {"topic": topic(words, now), "when": when(words, now)}
    blocks = []
    if waiting:
        why = dict.fromkeys(words(f"waits.trouble-{entry.trouble}") for _, entry in waiting)
        people = bullets([escape(named(words, now, i)) for i, _ in waiting], 2000)
        blocks.append(section(lines(words("joint.mail-waits", **about), *why, people)))
    if refused:
        people = bullets([with_line(words, now, i) for i in refused], 2000)
        blocks.append(section(lines(words("joint.mail-refused", **about), people)))
    return Message(words("joint.mail-short"), blocks)


def held(words: Words, now: Gathering, invitation: JointInvitation, reader: str, mark: str) -> Message | None:
    """What came by mail, what it proposes, and why it was not used.

    The mark is that of `held_mark` and the sequence that was asked with: an answer about another time goes.
    """
    doubt, answer, start, _, sequence, *_ = [*mark.split("."), "", "", "", "", ""]
    if reader not in now.coordinators or not now.meeting.live or doubt not in set(Doubt):
        return None
    if sequence not in ("", str(now.meeting.asked_sequence)):
        return None
    title = words(
        "joint.held",
        who=escape(named(words, now, invitation)),
        topic=topic(words, now),
        when=when(words, now),
    )
    proposed = words(f"held.proposed-{answer}") if answer in set(PartStat) else None
    at = proposed_start(words, ZoneInfo(now.team.zone), start)
    return Message(
        words("held.short"),
        [
            section(lines(title, words(f"held.why-{doubt}"), proposed, at)),
            section(lines(words("joint.held-what-now"), with_line(words, now, invitation))),
        ],
    )
