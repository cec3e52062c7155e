"""What is said in Slack of mail: an answer that lacks something, one that was not used, mail that waits."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.calendar_entry import is_tentative
from bot.domain.calendar_reply import Doubt, PartStat
from bot.domain.case import Answer
from handlers.blocks import phrases
from handlers.blocks.calls import how_to_reach, record
from handlers.blocks.elements import actions, bullets, button, lines, section
from handlers.blocks.scene import Message, Scene
from handlers.blocks.summons import answering, own_ask, stands
from handlers.ids import ActionId


def calendar_answer(scene: Scene) -> Message | None:
    """To the one asked: a forfall without a reason, or «maybe». Goes when it is mended. Subject: the ask."""
    ask = own_ask(scene)
    if ask is None:
        return None
    meeting = scene.file.meeting(ask.meeting_id)
    if meeting.starts_at <= scene.now:
        return None
    named = {"code": phrases.code(scene), "when": phrases.when(scene, meeting)}
    if is_tentative(scene.file, ask):
        text = scene.words("calendar-answer.tentative", **named)
        buttons = answering(scene, ask, meeting)[1:]
        return Message(scene.words("calendar-answer.tentative-short"), [section(text), *buttons])
    if ask.answer is not Answer.DECLINED or ask.reason is not None:
        return None
    agency = scene.agency(scene.file.agency_of_ask(ask))
    buttons = [
        actions(
            button(scene.words("press.give-reason"), ActionId.DECLINE, ask.id, primary=True),
            button(scene.words("press.come-anyway"), ActionId.CONFIRM, ask.id),
        )
    ]
    text = scene.words("calendar-answer.declined", agency=agency, **named)
    return Message(scene.words("calendar-answer.declined-short"), [section(text), *buttons])


def held_reply(scene: Scene) -> Message | None:
    """To a coordinator: what came by mail, what it proposes, and why it was not used. Subject: the ask.

    The mark is «doubt.answer.start.once.sequence», the start in seconds, 0 for none. It goes when the meeting
    moves: the answer was about another time.
    """
    file = scene.file
    ask = file.ask(scene.intent.subject)
    if ask is None or not phrases.for_coordinator(scene) or not file.open:
        return None
    doubt, answer, start, _, sequence, *_ = [*scene.intent.mark.split("."), "", "", "", "", ""]
    meeting = file.meeting(ask.meeting_id)
    if doubt not in set(Doubt) or sequence not in ("", str(meeting.sequence)):
        return None
    words, agency = scene.words, file.agency_of_ask(ask)
    title = words(
        "held.title",
        person=phrases.asked_one(scene, ask),
        agency=scene.agency(agency),
        code=phrases.code(scene),
        when=phrases.when(scene, meeting),
    )
    proposed = words(f"held.proposed-{answer}") if answer in set(PartStat) else None
    blocks = [
        section(lines(title, words(f"held.why-{doubt}"), proposed, _proposed_start(scene, start))),
        section(lines(words("held.what-now"), how_to_reach(scene, ask))),
    ]
    part = file.duty(ask.duty_id).involvement_id
    recording = record(scene, ask) if stands(scene, ask) else None
    if recording is not None and not file.reached_directly(ask.person_id, part):
        blocks.append(actions(recording))
    return Message(words("held.short"), blocks)


def _proposed_start(scene: Scene, start: str) -> str | None:
    seconds = int(start) if start.isascii() and start.isdigit() and len(start) < 11 else 0
    if seconds == 0:
        return None
    when = scene.words.when(datetime.fromtimestamp(seconds, UTC), scene.zone)
    return scene.words("held.proposed-start", when=when)


def mail_waits(scene: Scene) -> Message | None:
    """To a coordinator: invites that an operator has to help on their way. Goes when they have left."""
    file = scene.file
    if scene.intent.subject != file.case.id or not phrases.for_coordinator(scene):
        return None
    waiting = [
        (entry, ask)
        for entry in file.entries
        if entry.trouble is not None and (ask := file.ask(entry.ask_id)) is not None
    ]
    if not waiting:
        return None
    why = dict.fromkeys(scene.words(f"waits.trouble-{entry.trouble}") for entry, _ in waiting)
    people = dict.fromkeys(
        scene.words(
            "waits.row",
            agency=scene.agency(file.agency_of_ask(ask)),
            person=phrases.asked_one(scene, ask),
        )
        for _, ask in waiting
    )
    text = lines(scene.words("waits.title", code=phrases.code(scene)), *why)
    return Message(scene.words("waits.short"), [section(text), section(bullets(list(people)))])
