"""The app's Home: what waits for me, my meetings, my cases; for a coordinator every case of the team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.domain.actions import open_actions, overdue, parts_of, unowned
from bot.domain.attendance import absences_asked
from bot.domain.case.actions import CaseAction
from bot.domain.case.entities import Ask, Meeting, Seat, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.deputies import awaits_decision
from bot.domain.directory.entities import Team
from bot.domain.escalation import wanted_by
from bot.domain.notifications import Kind
from bot.domain.on_record import goes_on
from bot.domain.overview.missing import lacks
from bot.domain.overview.told import is_summoned, may_read
from bot.domain.polls import standing_poll, unanswered
from handlers import on_record
from handlers.actions import messages as actions_messages
from handlers.answers import messages as answers_messages
from handlers.answers.messages import arrival
from handlers.attendance.messages import why_nobody_came
from handlers.blocks import formatting
from handlers.blocks.context import Block, RenderContext, escape
from handlers.blocks.elements import (
    VIEW_BLOCKS,
    ActionId,
    actions,
    bullets,
    button,
    context,
    divider,
    lines,
    section,
)
from handlers.blocks.formatting import Part, fit, titled
from handlers.blocks.people import away
from handlers.coordinating import holder
from handlers.deputies.messages import approval_question
from handlers.guidance.messages import question_blocks
from handlers.involvement import messages as involvement_messages
from handlers.involvement import not_ours
from handlers.lifecycle import unrecorded
from handlers.lifecycle.messages import waits_line
from handlers.lifecycle.reopening import reopen_button
from handlers.links.messages import links_of
from handlers.overview.home_calls import to_ring
from handlers.overview.home_model import HomeModel
from handlers.overview.home_outside import joint_meetings, joint_unanswered, open_questions
from handlers.polls.messages import question
from handlers.profile import language_select
from handlers.slack.resume import left_off
from handlers.slack.vocabulary import choose

HELP = ActionId("help")
#: Sorts what has no time by which an answer is wanted after all that has one.
_LAST = datetime.max.replace(tzinfo=UTC)


def home_view(model: HomeModel) -> Block:
    """Return the Home of a person. A stranger reads first what TOT is."""
    words, waiting, top = model.words, _waiting(model), [_top(model)]
    # A contact may read it on a phone: the question comes before all that Home always has.
    first = (top, waiting) if model.coordinated or not model.known else (waiting, top)
    parts: list[Part] = [
        [] if model.known else [[section(words("home.unknown"))]],
        *first,
        to_ring(model),
        mine(model),
        *open_questions(model),
        _meetings(model),
        joint_meetings(model),
        titled(words("home.cases"), [[section(_case(model, file))] for file in model.cases]),
        *(_team(model, team) for team in model.coordinated),
        [[divider(), *([context(*mandates)] if (mandates := _mandates(model)) else [])]],
        [[language_select(words)]] if model.known else [],
    ]
    return {"type": "home", "blocks": fit(words, parts, VIEW_BLOCKS)}


def _top(model: HomeModel) -> list[Block]:
    """The buttons to begin with, the emergency numbers, an absence, and a form that was left unsent."""
    words, draft = model.words, model.unfinished
    buttons = [
        button(words("command.help.choice"), HELP, "help"),
        choose(words, "guidance", "home"),
        choose(words, "convene", "home"),
    ]
    if model.coordinated:
        buttons = [
            choose(words, "acute", "home", primary=True),
            choose(words, "case", "home"),
            button(words("command.help.choice"), HELP, "help"),
        ]
    today = model.now.astimezone(model.zone).date()
    absence = next((said for c in model.contacts if (said := away(words, c, today))), None)
    return [
        actions(*buttons),
        context(words("said.emergency")),
        *([context(words("home.away", absence=absence))] if absence is not None else []),
        *(left_off(words, draft, words.clock(draft.created_at, model.zone)) if draft is not None else []),
    ]


def waits(model: HomeModel) -> list[list[Block]]:
    """Return each thing that waits for the person, with its buttons."""
    asked = sorted((each for f in model.seated for each in _asked(model, f)), key=lambda each: each[0])
    return [
        *(blocks for _, blocks in asked),
        *(on_record.home_question(model.seen(f), part) for f, part in model.to_record),
        *joint_unanswered(model),
    ]


def _waiting(model: HomeModel) -> Part:
    """Show what waits, or that nothing does; neither if a question, or what is missing or late, is below."""
    waiting = waits(model)
    lacking = any(lacks(f, model.now) for f in model.led)
    late = any(overdue(file, action, model.now) for file, action in _own_actions(model))
    if not waiting and model.known and not (any(open_questions(model)) or lacking or late):
        waiting = [[section(model.words("home.nothing-waiting"))]]
    return titled(model.words("home.waiting"), waiting)


def _asked(model: HomeModel, file: CaseFile) -> Iterator[tuple[datetime, list[Block]]]:
    """Yield the open questions to the person in one case, each with by when an answer is wanted.

    Taushetsplikt to confirm, summonses to answer, a poll of which they have answered no time; for a
    coordinator deputies to approve, questions asked in the room, and agencies that say that the case is not
    theirs; for an agency's lead why nobody came.
    """
    ctx, person_id, now = model.seen(file), model.person.id, model.now
    for seat in file.seats_of(person_id):
        asked = not seat.confirmed and involvement_messages.may_be_asked(ctx, seat)
        if asked and not involvement_messages.said_no(ctx, seat):
            due = min((wanted_by(file, ask) for ask in file.asks_of_seat(seat)), default=_LAST)
            yield due, _to_confirm(ctx, seat)
    decides = person_id in file.confirmed_coordinators()
    for ask in file.asks:
        own = ask.person_id == person_id and ask.open and is_summoned(file, ask)
        if own and file.meeting(ask.meeting_id).starts_at > now:
            yield wanted_by(file, ask), answers_messages.summoned(ctx, ask)
        elif decides and awaits_decision(file, ask, now):
            yield wanted_by(file, ask), approval_question(ctx, ask)
    poll = standing_poll(file)
    if poll is not None and unanswered(file, poll, person_id, now):
        yield poll.closes_at, question(ctx, poll)
    for each in file.questions:
        if may_read(file, Kind.CASE_QUESTION_WAITS, each, person_id):
            yield _LAST, question_blocks(ctx, each)
    for duty in absences_asked(file, person_id):
        yield _LAST, why_nobody_came(ctx, duty)
    for part in file.involvements:
        if part.not_ours is not None and may_read(file, Kind.NOT_OURS, part, person_id):
            yield _LAST, not_ours.decision(ctx, part)


def _to_confirm(ctx: RenderContext, seat: Seat) -> list[Block]:
    if seat.role is not SeatRole.COORDINATOR:
        return involvement_messages.question(ctx, seat)
    text = ctx.words("home.unconfirmed", team=formatting.team(ctx))
    confirm = button(ctx.words("press.acknowledge"), involvement_messages.ACKNOWLEDGE, seat.id, primary=True)
    return [section(text), actions(confirm), *involvement_messages.statement(ctx)]


def _meetings(model: HomeModel) -> Part:
    """The coming meetings of the person, each for every agency for which they are asked."""
    found: list[tuple[datetime, list[Block]]] = []
    for file in (f for f in model.seated if f.open):
        for meeting in (m for m in file.meetings if m.live and m.ends_at > model.now):
            asks = [
                ask
                for ask in file.asks
                if (ask.person_id, ask.meeting_id) == (model.person.id, meeting.id) and is_summoned(file, ask)
            ]
            if asks or _comes_unasked(model, file, meeting):
                found += [(meeting.starts_at, _meeting(model, file, meeting, a)) for a in asks or (None,)]
    rows = [row for _, row in sorted(found, key=lambda each: each[0])]
    return titled(model.words("home.meetings"), rows)


def _comes_unasked(model: HomeModel, file: CaseFile, meeting: Meeting) -> bool:
    """Return whether the person comes as a coordinator, or as a liaison."""
    own = {s.id for s in file.seats_of(model.person.id)}
    theirs = any(x.seat_id in own and file.is_theirs(x, meeting) for x in file.live_liaisons())
    return theirs or model.person.id in file.confirmed_coordinators()


def _meeting(model: HomeModel, file: CaseFile, meeting: Meeting, ask: Ask | None) -> list[Block]:
    """A coming meeting, and buttons to change a given answer; an unanswered ask is shown further up."""
    ctx, buttons = model.seen(file), []
    state = model.words(f"home.state.{'coordinator' if formatting.for_coordinator(ctx) else 'liaison'}")
    if ask is not None:
        word = "there" if arrival(ctx, meeting) else ask.answer or "unanswered"
        state = answers_messages.of_which(ctx, ask, model.words(f"home.state.{word}"))
        if not ask.open and meeting.starts_at > model.now:
            buttons = [answers_messages.buttons(ctx, ask)]
    said = model.words(
        "home.meeting",
        when=ctx.words.by(meeting.starts_at, ctx.zone),
        code=formatting.code(ctx),
        where=formatting.where(ctx.words, meeting),
        state=state,
    )
    return [section(_named(model, said, file)), *buttons]


def _named(model: HomeModel, said: str, file: CaseFile) -> str:
    """Append the room if the reader belongs in it."""
    room = formatting.room(model.seen(file), model.person.id)
    return f"{said} · {room}" if room else said


def _case(model: HomeModel, file: CaseFile) -> str:
    ctx = model.seen(file)
    phase = model.words(f"phase.{file.case.phase}")
    return _named(model, model.words("home.case", code=formatting.code(ctx), phase=phase), file)


def _team(model: HomeModel, team: Team) -> Part:
    """The team's cases: open ones, then closed ones, those deleted first at the top."""
    cases = sorted(model.led, key=lambda file: (not file.open, str(goes_on(file))))
    title = model.words("home.team-cases", team=team.name)
    return titled(title, [_team_case(model, file) for file in cases if file.team.id == team.id])


def _team_case(model: HomeModel, file: CaseFile) -> list[Block]:
    """A case, with a button to take it over from another coordinator; closed, to reopen it.

    A closed case also says which agencies have not put it on record.
    """
    ctx, words, links = model.seen(file), model.words, links_of(model.words, model.linked(file))
    if not file.open:
        last = goes_on(file)
        day = words.day(last) if last is not None else ""
        closed = _named(model, words("home.case-closed", code=escape(file.case.code), day=day), file)
        return [section(lines(closed, *links), reopen_button(ctx)), *unrecorded.deletion(ctx)]
    who, press = holder(ctx)
    nobodys = [escape(actions_messages.need(words, n.need)) for n in unowned(file)]
    how_many = actions_messages.how_many(words, file, model.now)
    missing = formatting.lacking(words, file, model.now, lacks(file, model.now).items())
    said = lines(
        _case(model, file),
        who,
        waits_line(ctx),
        *links,
        words("home.nobody", needs=words.several(nobodys)) if nobodys else None,
        words("card.actions", how_many=how_many) if how_many else None,
        bullets(missing, most=1500) if missing else words("card.nothing-missing"),
    )
    return [section(said, press)]


def mine(model: HomeModel) -> Part:
    """The open actions of the person's agencies."""
    words, rows = model.words, []
    for file, action in _own_actions(model):
        what = actions_messages.line(words, file, action, model.now)
        press = button(words("press.action-done"), actions_messages.ACTION_DONE, action.id)
        rows.append([section(f"*{escape(file.case.code)}:* {what}", press)])
    return titled(words("home.actions"), rows)


def _own_actions(model: HomeModel) -> list[tuple[CaseFile, CaseAction]]:
    """Return the open actions of the agencies for which the person has a seat, the first due first."""
    found = [
        (file, action)
        for file in model.cases
        for action in open_actions(file)
        if action.involvement_id in {i.id for i in parts_of(file, model.person.id)}
    ]
    return sorted(found, key=lambda each: (each[1].due_on, each[1].id))


def _mandates(model: HomeModel) -> list[str]:
    """The name of each team that has a mandate, and its mandate as written in the partners file."""
    return [
        f"*{escape(team.name)}:* {escape(team.mandate.strip())}"
        for team in model.all_teams
        if team.mandate.strip()
    ]
