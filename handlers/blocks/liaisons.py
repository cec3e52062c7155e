"""Liaisons: the question of taushetsplikt, the lines on the card and in forms, and that one has left."""

from __future__ import annotations

from bot.domain.case import Seat
from bot.domain.case_file import CaseFile
from bot.domain.liaison import Liaison
from bot.texts import Words
from handlers.blocks import phrases
from handlers.blocks.elements import actions, button, lines, section, sections
from handlers.blocks.scene import Block, Message, Scene, escape
from handlers.ids import ActionId


def liaison_lines(scene: Scene) -> str:
    """On the card: that there is a liaison, until when, and how they are reached."""
    return lines(*(_line(scene.words, scene.file, liaison) for liaison in scene.file.live_liaisons()))


def _line(words: Words, file: CaseFile, liaison: Liaison) -> str:
    seat = file.seat(liaison.seat_id) if liaison.seat_id is not None else None
    if seat is None:
        how = words("liaison.by-coordinator")
    elif not seat.confirmed:
        how = words("liaison.unconfirmed")
    else:
        how = phrases.mention(file, seat.person_id) or words("person.unknown")
    return words("liaison.card", day=words.day(liaison.until), how=how)


def liaison_named(words: Words, file: CaseFile, liaison: Liaison) -> str:
    """For the coordinators: who it is, by mention or title."""
    seat = file.seat(liaison.seat_id) if liaison.seat_id is not None else None
    mentioned = phrases.mention(file, seat.person_id) if seat is not None else None
    name = " ".join(part for part in (mentioned, escape(liaison.title)) if part)
    return words("liaison.named", who=name or words("person.unknown"), day=words.day(liaison.until))


def liaison_question(scene: Scene, seat: Seat, statement: str) -> list[Block]:
    """To the liaison: confirm taushetsplikt for this case. There is nobody to pass it on to."""
    words = scene.words
    liaison = next((x for x in scene.file.liaisons if x.seat_id == seat.id), None)
    if liaison is None:
        return []
    named = {
        "team": phrases.team(scene),
        "coordinator": phrases.coordinator(scene),
        "day": words.day(liaison.until),
    }
    return [
        section(lines(words("liaison.ask-title", **named), words("liaison.ask", **named))),
        *sections(lines(words("acknowledgement.statement-title"), statement)),
        section(words("liaison.ask-then")),
        actions(button(words("press.acknowledge"), ActionId.ACKNOWLEDGE, seat.id, primary=True)),
    ]


def liaison_left(scene: Scene) -> Message | None:
    """To the room and to the liaison: that their time is over, and no more. Subject: the liaison."""
    file, words = scene.file, scene.words
    liaison = next((x for x in file.liaisons if x.id == scene.intent.subject), None)
    if liaison is None or liaison in file.live_liaisons():
        return None
    if scene.recipient is None:
        if not file.open:
            return None
        return Message(words("liaison.left-short"), [section(words("liaison.left"))])
    seat = file.seat(liaison.seat_id) if liaison.seat_id is not None else None
    if seat is None or seat.person_id != scene.recipient.id:
        return None
    text = words("liaison.over", team=phrases.team(scene), coordinator=phrases.coordinator(scene))
    return Message(words("liaison.over-short"), [section(text)])
