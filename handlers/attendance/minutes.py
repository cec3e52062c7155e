"""The minutes of a meeting: who came, what was treated, who does what, when next. Never the substance."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain import attendance
from bot.domain.actions import open_actions
from bot.domain.attendance import FollowUp, follow_ups
from bot.domain.case.duty import Arrival, Correction
from bot.domain.case.entities import Duty, Meeting
from handlers.actions import messages as actions_messages
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, Scene, escape
from handlers.blocks.elements import SECTION_TEXT, actions, button, context, lines, parts, section
from handlers.meeting import agenda
from handlers.slack.ids import ActionId

#: A heading and what stands under it.
Part = tuple[str, list[str]]
_FENCE = "```"
#: Paragraphs of the minutes; a message takes 50 blocks.
MOST_BLOCKS = 45


def minutes(scene: Scene) -> Message | None:
    """To the room, or as plain text to somebody who is in it. Subject: the meeting, once it is registered."""
    meeting = formatting.meeting_of(scene, scene.intent.subject)
    if meeting is None or meeting.registered_at is None or meeting.cancelled_at is not None:
        return None
    if scene.recipient is None:
        return _for_the_room(scene, meeting)
    return _for_a_record(scene, meeting) if scene.recipient.id in scene.file.room_people() else None


def _for_the_room(scene: Scene, meeting: Meeting) -> Message:
    words = scene.words
    texts = [
        lines(words("minutes.title", code=formatting.code(scene)), *_head(scene, meeting)),
        *(
            lines(f"*{heading}*", *(f"• {each}" for each in under))
            for heading, under in _parts(scene, meeting)
        ),
    ]
    blocks = _at_most([section(piece) for text in texts for piece in parts(text, SECTION_TEXT)])
    blocks.append(context(words("minutes.only-coordination"), _registered(scene, meeting)))
    if scene.file.open:
        press = button(words("press.correct"), ActionId.CORRECT, meeting.id)
        following = button(words("press.next-meeting"), ActionId.NEXT_MEETING, scene.file.case.id)
        blocks.append(actions(press, following))
    return Message(words("minutes.notice"), blocks)


def _registered(scene: Scene, meeting: Meeting) -> str:
    by = next((d.registered_by for d in scene.file.duties_of(meeting.id) if d.registered_by), None)
    person = formatting.mention(scene.file, by) or scene.words("said.coordinator")
    at = scene.words.when(meeting.registered_at or scene.now, scene.zone)
    return scene.words("minutes.registered", when=at, person=person)


def _for_a_record(scene: Scene, meeting: Meeting) -> Message:
    """In a block of fixed letters, which Slack copies as it stands."""
    words = scene.words
    text = minutes_text(scene, meeting).replace("`", "'")
    pieces = parts(text, SECTION_TEXT - 2 * len(_FENCE) - 2)
    head = section(
        words("minutes.for-record", code=formatting.code(scene), when=formatting.when(scene, meeting))
    )
    blocks = _at_most([section(f"{_FENCE}\n{piece}\n{_FENCE}") for piece in pieces])
    return Message(words("minutes.notice"), [head, *_to_pass_on(scene), *blocks])


def _to_pass_on(scene: Scene) -> list[Block]:
    """To a coordinator: who takes part and is not told by the bot."""
    outside = formatting.outside_the_room(scene.file)
    if not (outside and scene.file.open and formatting.for_coordinator(scene)):
        return []
    return [section(scene.words("minutes.pass-on", agencies=formatting.names(scene, outside)))]


def _at_most(blocks: list[Block]) -> list[Block]:
    """As many as a message takes; that there is more is told by an ellipsis."""
    return blocks if len(blocks) <= MOST_BLOCKS else [*blocks[:MOST_BLOCKS], section("…")]


def minutes_text(scene: Scene, meeting: Meeting) -> str:
    """The minutes without any markup. Escaped, as all that Slack is sent."""
    words = scene.words
    told = [words("minutes.title-plain", code=formatting.code(scene)), *_head(scene, meeting, plain=True)]
    for heading, under in _parts(scene, meeting, plain=True):
        told += ["", heading, *(f"- {each}" for each in under)]
    return "\n".join([*told, "", words("minutes.only-coordination")])


def _head(scene: Scene, meeting: Meeting, *, plain: bool = False) -> list[str]:
    words = scene.words
    if plain:
        place = escape(meeting.place) if meeting.place else words("minutes.by-video")
    else:
        place = formatting.where(scene, meeting)
    chair = _chair(scene, meeting, plain=plain)
    return [
        words("minutes.held", when=formatting.span(scene, meeting)),
        words("minutes.where", where=place),
        words("minutes.chair", chair=chair),
    ]


def _chair(scene: Scene, meeting: Meeting, *, plain: bool) -> str:
    """By mention; in plain text by what they are."""
    file, person_id = scene.file, attendance.chair_of(scene.file, meeting)
    if not plain:
        return formatting.mention(file, person_id) or scene.words("said.coordinator")
    seats = [
        s for s in file.seats if s.person_id == person_id and s.involvement_id is not None and s.confirmed
    ]
    if person_id is None or file.coordinates(person_id) or not seats:
        return scene.words("said.coordinator")
    return scene.agency(file.agency_of(seats[0].involvement_id or ""))


def _parts(scene: Scene, meeting: Meeting, *, plain: bool = False) -> Iterator[Part]:
    words, file = scene.words, scene.file
    duties = sorted(file.duties_of(meeting.id), key=lambda d: _agency(scene, d).casefold())
    came = [_came(scene, meeting, duty) for duty in duties] or [words("minutes.no-duties")]
    also = [_also(scene, arrival, plain=plain) for arrival in attendance.arrivals_of(file, meeting)]
    yield words("minutes.came"), [*came, *filter(None, also), *_enough(scene, meeting)]
    points = [agenda.shown(words, p) for p in attendance.treated(file, meeting)]
    yield words("minutes.treated"), points or [words("minutes.nothing-ticked")]
    left = [agenda.shown(words, p) for p in attendance.untreated(file, meeting)]
    if points and left:
        yield words("minutes.untreated"), left
    awaited = sorted(follow_ups(file, meeting), key=lambda each: _agency(scene, each.duty).casefold())
    follow = [*_actions(scene, plain=plain), *(_follow_up(scene, each) for each in awaited)]
    yield words("minutes.who-does-what"), follow or [words("minutes.nothing-open")]
    yield words("minutes.next-meeting"), [_next(scene, meeting)]
    corrected = [_correction(scene, c, plain=plain) for c in _corrections(scene, meeting)]
    if corrected:
        yield words("minutes.corrected"), corrected


def _agency(scene: Scene, duty: Duty) -> str:
    return scene.agency(scene.file.agency_of(duty.involvement_id))


def _came(scene: Scene, meeting: Meeting, duty: Duty) -> str:
    words = scene.words
    how = words(f"attendance.{duty.attendance}") if duty.attendance else words("minutes.not-registered")
    said = words("minutes.agency", agency=_agency(scene, duty), how=how)
    arrival = attendance.first_arrivals(scene.file, meeting).get(duty.id)
    if arrival is not None and duty.attendance in attendance.CAME:
        said = words("minutes.at", said=said, at=words.clock(arrival.at, scene.zone))
    if duty.written_report:
        said = words("minutes.with-report", said=said)
    if duty.absence_reason is not None:
        said = words("minutes.because", said=said, reason=words(f"decline.{duty.absence_reason}"))
    return said


def _also(scene: Scene, arrival: Arrival, *, plain: bool) -> str | None:
    """Somebody who came for no agency with a duty: a coordinator, or anybody where nobody has one."""
    if arrival.duty_id is not None:
        return None
    words, file = scene.words, scene.file
    who = None if plain else formatting.mention(file, arrival.person_id)
    if who is None:
        coordinates = arrival.person_id is not None and file.coordinates(arrival.person_id)
        who = words("minutes.coordinator" if coordinates else "minutes.participant")
    return words("minutes.also", who=who, at=words.clock(arrival.at, scene.zone))


def _enough(scene: Scene, meeting: Meeting) -> Iterator[str]:
    words, lack = scene.words, attendance.lack_registered(scene.file, meeting)
    if meeting.quorum_reason is not None:
        reason = agenda.quorum_reason(words, meeting.quorum_reason)
        at = words.clock(meeting.quorum_at or scene.now, scene.zone)
        yield words("minutes.went-on", reason=reason, at=at)
    elif lack is not None:
        yield words("minutes.too-few")


def _actions(scene: Scene, *, plain: bool) -> list[str]:
    """The open actions, by agency; in plain text without the sign of those that are late."""
    words, file = scene.words, scene.file
    said = [
        words(
            "minutes.agency",
            agency=scene.agency(file.agency_of(action.involvement_id)),
            how=actions_messages.line(words, file, action, scene.now),
        )
        for action in open_actions(file)
    ]
    return [text.replace(actions_messages.RED, "") for text in said] if plain else said


def _follow_up(scene: Scene, each: FollowUp) -> str:
    return scene.words(f"minutes.awaits-{each.what}", agency=_agency(scene, each.duty))


def _next(scene: Scene, meeting: Meeting) -> str:
    ahead = [m for m in scene.file.meetings if m.live and m.starts_at > meeting.starts_at]
    following = min(ahead, key=lambda m: m.starts_at, default=None)
    return formatting.span(scene, following) if following is not None else scene.words("minutes.no-next")


def _corrections(scene: Scene, meeting: Meeting) -> list[Correction]:
    duties = {d.id for d in scene.file.duties if d.meeting_id == meeting.id}
    return [c for c in scene.file.corrections if c.duty_id in duties]


def _correction(scene: Scene, correction: Correction, *, plain: bool) -> str:
    words, file = scene.words, scene.file
    agency = _agency(scene, file.duty(correction.duty_id))
    when = words.when(correction.corrected_at, scene.zone)
    changes = []
    if correction.was is not correction.became:
        was, became = words(f"attendance.{correction.was}"), words(f"attendance.{correction.became}")
        changes.append(words("minutes.was-became", was=was, became=became))
    if correction.had_report != correction.has_report:
        changes.append(words("minutes.report-in" if correction.has_report else "minutes.report-out"))
    what = words("minutes.agency", agency=agency, how="; ".join(changes))
    if plain:
        return words("minutes.correction-plain", when=when, what=what)
    by = formatting.mention(file, correction.corrected_by) or words("said.coordinator")
    return words("minutes.correction", when=when, person=by, what=what)
