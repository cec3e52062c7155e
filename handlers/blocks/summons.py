"""The summons and its answer, and everything that waits for one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar_entry import is_tentative
from bot.domain.case import Answer, Ask, Meeting, Seat
from bot.domain.case_file import CaseFile
from bot.domain.deputies import awaits_decision, to_be_rung
from bot.domain.intents import Intent, Kind
from bot.texts import Words
from handlers.blocks import acknowledgements, phrases
from handlers.blocks.deputies import approval_question
from handlers.blocks.elements import actions, button, divider, lines, section, within
from handlers.blocks.scene import Block, Message, Scene
from handlers.ids import ActionId, as_asked

#: How much of what waits is shown in one message of 50 blocks; Home has the rest.
MOST_BLOCKS = 46


def summons(scene: Scene) -> Message | None:
    """«Innkalling» to the person of an ask. Subject: the ask; the mark is its sequence."""
    ask = own_ask(scene)
    if ask is None:
        return _answered_by_colleague(scene)
    if scene.intent.mark != str(ask.sequence):
        return None
    key = "notice.meeting-moved-short" if ask.asked_anew else "summons.notice"
    notice = scene.words(key, when=phrases.when(scene, scene.file.meeting(ask.meeting_id)))
    return Message(notice, summoned(scene, ask))


def _answered_by_colleague(scene: Scene) -> Message | None:
    """To one who was asked with others of the agency, of whom one has answered: nothing is left to do."""
    file, reader = scene.file, scene.recipient
    ask = file.ask(scene.intent.subject)
    if ask is None or reader is None or ask.person_id != reader.id or ask.overtaken_by is None:
        return None
    meeting, duty = file.meeting(ask.meeting_id), file.duty(ask.duty_id)
    asked_anew = any(a.person_id == reader.id for a in file.asks_of(duty.id))
    may_read = file.reached_directly(reader.id, duty.involvement_id) and not file.awaits_confidentiality(ask)
    stands = file.open and meeting.live and meeting.sequence == ask.sequence and duty.withdrawn_at is None
    if asked_anew or not may_read or not stands or scene.intent.mark != str(ask.sequence):
        return None
    named = {"agency": scene.agency(file.agency_of_ask(ask)), "when": phrases.when(scene, meeting)}
    text = scene.words("escalation.colleague-answered", **named)
    return Message(scene.words("escalation.answered-short"), [section(text)])


def own_ask(scene: Scene) -> Ask | None:
    """The ask that the intent is about, if it is the reader's and they may see what it is about now."""
    ask = scene.file.ask(scene.intent.subject)
    is_theirs = ask is not None and scene.recipient is not None and ask.person_id == scene.recipient.id
    return ask if ask is not None and is_theirs and may_see(scene, ask) else None


def may_see(scene: Scene, ask: Ask) -> bool:
    """Whether the ask stands, its person has confirmed taushetsplikt, and the bot may write to them."""
    file = scene.file
    return (
        stands(scene, ask)
        and not file.awaits_confidentiality(ask)
        and file.reached_directly(ask.person_id, file.duty(ask.duty_id).involvement_id)
    )


def stands(scene: Scene, ask: Ask) -> bool:
    """Whether anybody is still waiting for this person at that meeting."""
    file = scene.file
    duty = file.duty(ask.duty_id)
    return (
        file.open
        and ask.live
        and not ask.awaits_approval
        and duty.withdrawn_at is None
        and file.involvement(duty.involvement_id).ended_at is None
        and file.meeting(ask.meeting_id).live
    )


def summoned(scene: Scene, ask: Ask) -> list[Block]:
    """The summons with where it stands and its buttons; `may_see` has been asked before."""
    meeting = scene.file.meeting(ask.meeting_id)
    deputy = "deputy-" if ask.deputy_for is not None else ""
    agency = scene.agency(scene.file.agency_of_ask(ask))
    blocks = [
        section(
            lines(
                scene.words(f"summons.{deputy}title", code=phrases.code(scene)),
                _moved(scene, ask),
                scene.words(f"summons.{deputy}duty", agency=agency),
            )
        ),
        section(lines(phrases.occasion(scene, meeting), phrases.agenda(scene, meeting))),
    ]
    return [*blocks, *answering(scene, ask, meeting)]


def _moved(scene: Scene, ask: Ask) -> str | None:
    if not ask.asked_anew:
        return None
    return scene.words("summons.moved" if ask.answer is None else "summons.moved-answered")


def answering(scene: Scene, ask: Ask, meeting: Meeting) -> list[Block]:
    """Where the answer stands, how long it can be changed, and the buttons until the meeting begins."""
    begun = meeting.starts_at <= scene.now
    limit = "summons.begun" if begun else "summons.changeable"
    status = section(lines(_status(scene, ask, begun=begun), scene.words(limit)))
    return [status] if begun else [status, _buttons(scene, ask)]


def _status(scene: Scene, ask: Ask, *, begun: bool) -> str | None:
    if ask.answer is None:
        tentative = is_tentative(scene.file, ask)
        said = scene.words("calendar-answer.status") if tentative else None
        return None if begun else lines(said, _due(scene, ask))
    words = scene.words
    at = words.when(ask.answered_at or ask.asked_at, scene.zone)
    recorded = _recorded(scene, ask)
    if ask.answer is Answer.CONFIRMED:
        return lines(words("summons.confirmed", when=at), recorded)
    reason = phrases.reason(words, ask)
    return lines(words("summons.declined", when=at, reason=reason), recorded, _deputies(scene, ask))


def _due(scene: Scene, ask: Ask) -> str:
    key = "summons.due" if ask.window_ends_at > scene.now else "summons.overdue"
    return scene.words(key, due=scene.words.when(ask.window_ends_at, scene.zone))


def _recorded(scene: Scene, ask: Ask) -> str | None:
    if ask.answered_by in (None, ask.person_id):
        return None
    by = phrases.mention(scene.file, ask.answered_by) or scene.words("said.coordinator")
    return scene.words("summons.recorded", coordinator=by)


def deputies_of(file: CaseFile, ask: Ask) -> list[Ask]:
    """Those who are asked to stand in for the person of an ask."""
    return [a for a in file.asks_of(ask.duty_id) if a.deputy_for == ask.id]


def _deputies(scene: Scene, ask: Ask) -> str:
    found = deputies_of(scene.file, ask)
    if not found:
        return scene.words("summons.no-deputy")
    return lines(*(_deputy(scene, each) for each in found))


def _deputy(scene: Scene, ask: Ask) -> str:
    if ask.awaits_approval:
        return scene.words("summons.deputy-waits", person=phrases.asked_one(scene, ask))
    waits = "unasked" if to_be_rung(scene.file, ask) else "asked"
    state = {Answer.CONFIRMED: "confirmed", Answer.DECLINED: "declined", None: waits}[ask.answer]
    return scene.words(f"summons.deputy-{state}", person=phrases.asked_one(scene, ask))


def _buttons(scene: Scene, ask: Ask) -> Block:
    words = scene.words
    confirm, decline, asked = ActionId.CONFIRM, ActionId.DECLINE, as_asked(ask.id, ask.sequence)
    if ask.answer is Answer.CONFIRMED:
        return actions(button(words("press.decline"), decline, asked))
    if ask.answer is Answer.DECLINED:
        other = "press.other-deputy" if deputies_of(scene.file, ask) else "press.send-deputy"
        return actions(
            button(words("press.come-anyway"), confirm, asked), button(words(other), decline, asked)
        )
    return actions(
        button(words("press.confirm"), confirm, asked, primary=True),
        button(words("press.decline"), decline, asked),
    )


def open_asks(
    words: Words, zone: ZoneInfo, now: datetime, items: Sequence[tuple[CaseFile, Seat | Ask]]
) -> Message:
    """What waits for one person, with its buttons: the answer to whoever writes to the bot."""
    blocks = list_of_asks(words, now, items)
    if not blocks:
        nothing = words("open-asks.none")
        return Message(nothing, [section(nothing)])
    return Message(words("open-asks.notice"), [section(words("open-asks.title")), *blocks])


def summary(
    words: Words, zone: ZoneInfo, now: datetime, items: Sequence[tuple[CaseFile, Seat | Ask]]
) -> Message:
    """After an outage: that something was not said in time, and what waits for the person now."""
    waiting = list_of_asks(words, now, items)
    still = [section(words("summary.still")), *waiting] if waiting else []
    return Message(words("summary.notice"), [section(words("summary.title")), *still])


def list_of_asks(words: Words, now: datetime, items: Sequence[tuple[CaseFile, Seat | Ask]]) -> list[Block]:
    """Each of them as its own message would say it, a line between; those past or not theirs are left out."""
    shown: list[list[Block]] = []
    for file, item in items:
        intent = Intent(Kind.OPEN_ASKS, item.person_id, recipient=item.person_id)
        scene = Scene(file, intent, file.persons.get(item.person_id), words, now)
        if isinstance(item, Seat):
            if not item.confirmed and acknowledgements.may_be_asked(scene, item):
                shown.append([divider(), *acknowledgements.question(scene, item)])
        elif awaits_decision(file, item, now):
            shown.append([divider(), *approval_question(scene, item)])
        elif may_see(scene, item) and file.meeting(item.meeting_id).starts_at > now:
            shown.append([divider(), *summoned(scene, item)])
    blocks, left = within(shown, MOST_BLOCKS)
    return [*blocks, section(words.count("said.more", left))] if left else blocks
