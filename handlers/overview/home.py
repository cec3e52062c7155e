"""The app's Home: what waits for me, my meetings, my cases; for a coordinator every case of the team."""

from __future__ import annotations

from datetime import datetime

from bot.domain.actions import open_actions, overdue, parts_of, unowned
from bot.domain.case.actions import CaseAction
from bot.domain.case.entities import Ask, CaseQuestion, Duty, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.case.polls import TimePoll
from bot.domain.directory.entities import Team
from bot.domain.on_record import goes_on
from bot.domain.overview.missing import lacks
from bot.texts.words import Words
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
from handlers.overview.home_model import Appointment, HomeModel, Waiting
from handlers.overview.home_outside import joint_meetings, joint_unanswered, open_questions
from handlers.polls.messages import question
from handlers.profile import language_select
from handlers.slack.resume import left_off
from handlers.slack.vocabulary import choose

HELP = ActionId("help")


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
    buttons = _asking(words)
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
        context(f"*{words('said.emergency')}*"),
        *([context(words("home.away", absence=absence))] if absence is not None else []),
        *(left_off(words, draft, words.clock(draft.created_at, model.zone)) if draft is not None else []),
    ]


def _asking(words: Words) -> list[Block]:
    """The buttons for anybody who coordinates no team."""
    return [
        button(words("command.help.choice"), HELP, "help"),
        choose(words, "guidance", "home"),
        choose(words, "convene", "home"),
    ]


def waits(model: HomeModel) -> list[list[Block]]:
    """Return each thing that waits for the person, with its buttons."""
    return [
        *(_waits(model.seen(f), item) for f, item in model.waiting),
        *(not_ours.decision(model.seen(f), part) for f, part in model.to_settle),
        *(on_record.home_question(model.seen(f), part) for f, part in model.to_record),
        *joint_unanswered(model),
    ]


def _waiting(model: HomeModel) -> Part:
    """Show what waits, or that nothing does; neither if a question, or what is missing or late, is below."""
    waiting = waits(model)
    lacking = any(f.open and lacks(f, model.now) for f in model.led)
    late = any(overdue(file, action, model.now) for file, action in _own_actions(model))
    if not waiting and model.known and not (any(open_questions(model)) or lacking or late):
        waiting = [[section(model.words("home.nothing-waiting"))]]
    return titled(model.words("home.waiting"), waiting)


def _waits(ctx: RenderContext, item: Waiting) -> list[Block]:
    if isinstance(item, TimePoll):
        return question(ctx, item)
    if isinstance(item, CaseQuestion):
        return question_blocks(ctx, item)
    if isinstance(item, Duty):
        return why_nobody_came(ctx, item)
    if isinstance(item, Ask) and item.awaits_approval:
        return approval_question(ctx, item)
    if isinstance(item, Ask):
        return answers_messages.summoned(ctx, item)
    if item.role is not SeatRole.COORDINATOR:
        return involvement_messages.question(ctx, item)
    text = ctx.words("home.unconfirmed", team=formatting.team(ctx))
    confirm = button(ctx.words("press.acknowledge"), involvement_messages.ACKNOWLEDGE, item.id, primary=True)
    return [section(text), actions(confirm), *involvement_messages.statement(ctx)]


def _meetings(model: HomeModel) -> Part:
    return titled(model.words("home.meetings"), [_meeting(model, each) for each in model.meetings])


def _meeting(model: HomeModel, each: Appointment) -> list[Block]:
    """A coming meeting, and buttons to change a given answer; an unanswered ask is shown further up."""
    ctx, ask, buttons = model.seen(each.file), each.ask, []
    state = model.words(f"home.state.{'coordinator' if formatting.for_coordinator(ctx) else 'liaison'}")
    if ask is not None:
        word = "there" if arrival(ctx, each.meeting) else ask.answer or "unanswered"
        state = answers_messages.of_which(ctx, ask, model.words(f"home.state.{word}"))
        if not ask.open and each.meeting.starts_at > model.now:
            buttons = [answers_messages.buttons(ctx, ask)]
    said = model.words(
        "home.meeting",
        when=ctx.words.by(each.meeting.starts_at, ctx.zone),
        code=formatting.code(ctx),
        where=formatting.where(ctx.words, each.meeting),
        state=state,
    )
    return [section(_named(model, said, each.file)), *buttons]


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
    ctx = model.seen(file)
    if file.open:
        return [section(_of_team_case(model, file), holder(ctx)[1])]
    press = reopen_button(ctx) if formatting.for_coordinator(ctx) else None
    return [section(_of_team_case(model, file), press), *unrecorded.deletion(ctx)]


def _of_team_case(model: HomeModel, file: CaseFile) -> str:
    words = model.words
    if not file.open:
        last = goes_on(file)
        day = words.day(last) if last is not None else ""
        closed = words("home.case-closed", code=escape(file.case.code), day=day)
        return lines(_named(model, closed, file), *links_of(words, model.linked(file)))
    missing = formatting.lacks_by_kind(words, file, lacks(file, model.now))
    return lines(
        _case(model, file),
        holder(model.seen(file))[0],
        waits_line(model.seen(file)),
        *links_of(words, model.linked(file)),
        of_case(words, file, model.now),
        bullets(missing, most=1500) if missing else words("home.case-complete"),
    )


def mine(model: HomeModel) -> Part:
    """The open actions of the person's agencies."""
    words, rows = model.words, []
    for file, action in _own_actions(model):
        what = actions_messages.line(words, file, action, model.now)
        press = button(words("press.action-done"), actions_messages.ACTION_DONE, action.id)
        said = words("home.action", code=escape(file.case.code), what=what)
        rows.append([section(said, accessory=press)])
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


def of_case(words: Words, file: CaseFile, now: datetime) -> str | None:
    """A coordinator's lines about one case: needs without an owner in red, and how many actions are open."""
    nobodys = [escape(actions_messages.need(words, n.need)) for n in unowned(file)]
    red = words("home.nobody", needs=words.several(nobodys)) if nobodys else None
    return lines(red, actions_messages.how_many(words, file, now, "home.open")) or None


def _mandates(model: HomeModel) -> list[str]:
    """The name of each team that has a mandate, and its mandate as written in the partners file."""
    return [
        model.words("help.mandate", team=escape(team.name), mandate=escape(team.mandate.strip()))
        for team in model.all_teams
        if team.mandate.strip()
    ]
