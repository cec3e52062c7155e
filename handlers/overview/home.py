"""The app's Home: what waits for me, my meetings, my cases; for a coordinator every case of the team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.actions import open_actions, overdue, parts_of, unowned
from bot.domain.case.actions import CaseAction
from bot.domain.case.entities import Ask, CaseQuestion, Duty, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.case.polls import TimePoll
from bot.domain.on_record import goes_on
from bot.domain.overview.missing import lacks
from bot.texts.words import Words
from handlers import on_record
from handlers.actions import messages as actions_messages
from handlers.answers import messages as answers_messages
from handlers.answers.messages import answer_word, arrival
from handlers.attendance.messages import why_nobody_came
from handlers.blocks import formatting
from handlers.blocks.context import Block, RenderContext, escape
from handlers.blocks.elements import (
    ActionId,
    actions,
    bullets,
    button,
    context,
    divider,
    lines,
    section,
    sections,
    within,
)
from handlers.blocks.people import away
from handlers.case.modals import ACUTE_BUTTON, ANY_TEAM, OPEN_CASE_BUTTON
from handlers.convening import CONVENE
from handlers.coordinating import holder_text, take
from handlers.deputies.messages import approval_question
from handlers.guidance.messages import ASK_GUIDANCE, question_blocks
from handlers.involvement import messages as involvement_messages
from handlers.involvement import not_ours
from handlers.lifecycle import unrecorded
from handlers.lifecycle.messages import waits_line
from handlers.lifecycle.reopening import reopen_button
from handlers.links.messages import links_of
from handlers.overview.home_calls import to_ring
from handlers.overview.home_model import Appointment, HomeModel, TeamCases, Waiting
from handlers.overview.home_outside import joint_meetings, joint_unanswered, open_questions, own_questions
from handlers.polls.messages import question
from handlers.profile import language_select
from handlers.slack.resume import left_off
from handlers.slack.vocabulary import choose

HELP = ActionId("help")

#: The most blocks for what waits and for meetings, and the most cases, one block each; a view takes 100.
MOST_WAITING = 30
MOST_MEETINGS = 14
MOST_CASES = 10
MOST_TEAM_CASES = 18
#: The most closed cases not on record that are shown, each with its buttons.
MOST_UNRECORDED = 3


def home_view(model: HomeModel) -> Block:
    return {"type": "home", "blocks": _known(model) if model.known else _stranger(model)}


def _stranger(model: HomeModel) -> list[Block]:
    words = model.words
    return [
        section(words("home.unknown")),
        *sections("\n".join(_mandates(model))),
        actions(*_asking(words)),
        *own_questions(model),
        *(block for each in joint_unanswered(model) for block in each),
        *joint_meetings(model),
        context(f"*{words('said.emergency')}*"),
    ]


def _known(model: HomeModel) -> list[Block]:
    to_decide = open_questions(model)
    waits = _what_waits(model)
    waiting = _waiting(model, waits, more_follows=bool(to_decide))
    # A contact may read it on a phone: the question comes before all that Home always has.
    first = [waiting] if waits and not model.teams else []
    outside = [to_decide, own_questions(model)]
    joint = joint_meetings(model)
    parts = [
        *first,
        _top(model),
        _unfinished(model),
        *([] if first else [waiting]),
        to_ring(model, [model.seen(f) for team in model.teams for f in team.cases]),
        mine(model),
        *outside,
        _unrecorded(model),
        _meetings(model),
        joint,
        _cases(model),
    ]
    left = MOST_TEAM_CASES
    for team in model.teams:
        parts.append(_team(model, team, left))
        left = max(left - len(team.cases), 0)
    about = _mandates(model) or ([] if model.teams else [model.words("home.unknown")])
    parts.append([divider(), *([context(*about)] if about else []), language_select(model.words)])
    return [block for part in parts for block in part]


def _top(model: HomeModel) -> list[Block]:
    words = model.words
    emergency = context(f"*{words('said.emergency')}*")
    if not model.teams:
        return [actions(*_asking(words)), emergency]
    buttons = (
        button(words("press.acute"), ACUTE_BUTTON, ANY_TEAM, primary=True),
        button(words("press.open-case"), OPEN_CASE_BUTTON, ANY_TEAM),
        button(words("press.help"), HELP, "help"),
    )
    return [actions(*buttons), emergency]


def _asking(words: Words) -> list[Block]:
    """The buttons for anybody who coordinates no team."""
    return [
        button(words("press.help"), HELP, "help"),
        button(words("press.ask-guidance"), ASK_GUIDANCE, "ask"),
        choose(words, CONVENE, "home"),
    ]


def _unfinished(model: HomeModel) -> list[Block]:
    draft = model.unfinished
    if draft is None:
        return []
    return left_off(model.words, draft, model.words.clock(draft.created_at, model.zone))


def _what_waits(model: HomeModel) -> list[list[Block]]:
    waiting = [one_waiting(model.seen(f), item) for f, item in model.waiting]
    waiting += [not_ours.decision(model.seen(f), part) for f, part in model.to_settle]
    waiting += [on_record.home_question(model.seen(f), part) for f, part in model.to_record]
    return waiting + joint_unanswered(model)


def _waiting(model: HomeModel, waiting: list[list[Block]], *, more_follows: bool) -> list[Block]:
    """Show what waits, or that nothing does; neither if a question, or what is missing or late, is below."""
    words = model.words
    lacking = any(f.open and lacks(f, model.now) for team in model.teams for f in team.cases)
    late = any(overdue(file, action, model.now) for file, action in _own_actions(model))
    if not waiting and (more_follows or lacking or late):
        return []
    shown, left = within(waiting, MOST_WAITING)
    return formatting.titled(words, words("home.waiting"), shown, left, "home.nothing-waiting")


def one_waiting(ctx: RenderContext, item: Waiting) -> list[Block]:
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


def _unrecorded(model: HomeModel) -> list[Block]:
    """The closed cases that some agency has not put on record, those deleted first at the top."""
    closed = [f for team in model.teams for f in team.cases if not f.open]
    found = [unrecorded.deletion(model.seen(f)) for f in sorted(closed, key=lambda f: str(goes_on(f)))]
    lacking = [blocks for blocks in found if blocks]
    shown = [block for blocks in lacking[:MOST_UNRECORDED] for block in blocks]
    title = model.words("home.unrecorded")
    return formatting.titled(model.words, title, shown, len(lacking) - MOST_UNRECORDED)


def _meetings(model: HomeModel) -> list[Block]:
    words = model.words
    shown, left = within([_meeting(model, each) for each in model.meetings], MOST_MEETINGS)
    shown = shown or [section(words("home.no-meetings"))]
    today = model.now.astimezone(model.zone).date()
    absence = next((said for c in model.contacts if (said := away(words, c, today))), None)
    if absence is not None:
        shown.insert(0, context(words("home.away", absence=absence)))
    return formatting.titled(words, words("home.meetings"), shown, left)


def _meeting(model: HomeModel, each: Appointment) -> list[Block]:
    """A coming meeting, and buttons to change a given answer; an unanswered ask is shown further up."""
    ctx, ask, buttons = model.seen(each.file), each.ask, []
    state = model.words(f"home.state.{'coordinator' if formatting.for_coordinator(ctx) else 'liaison'}")
    if ask is not None:
        word = "there" if arrival(ctx, each.meeting) else answer_word(ask)
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


def _cases(model: HomeModel) -> list[Block]:
    words = model.words
    if model.teams and not model.cases:
        return []
    shown = [section(_case(model, file)) for file in model.cases[:MOST_CASES]]
    left = len(model.cases) - MOST_CASES
    return formatting.titled(words, words("home.cases"), shown, left, "home.no-cases")


def _case(model: HomeModel, file: CaseFile) -> str:
    ctx = model.seen(file)
    phase = model.words(f"phase.{file.case.phase}")
    return _named(model, model.words("home.case", code=formatting.code(ctx), phase=phase), file)


def _team(model: HomeModel, team: TeamCases, most: int) -> list[Block]:
    words = model.words
    cases: Sequence[CaseFile] = sorted(team.cases, key=lambda f: not f.open)
    shown = [_team_case(model, file) for file in cases[:most]]
    title = words("home.team-cases", team=team.team.name)
    left = len(cases) - most if shown else 0
    return formatting.titled(words, title, shown, left, "home.no-team-cases")


def _team_case(model: HomeModel, file: CaseFile) -> Block:
    """A case, with a button to take it over from another coordinator, or to reopen it if closed."""
    ctx = model.seen(file)
    if file.open:
        press = take(ctx) if holder_text(ctx) is not None else None
    else:
        press = reopen_button(ctx) if formatting.for_coordinator(ctx) else None
    return section(_of_team_case(model, file), accessory=press)


def _of_team_case(model: HomeModel, file: CaseFile) -> str:
    words = model.words
    if not file.open:
        last = goes_on(file)
        day = words.day(last) if last is not None else ""
        closed = words("home.case-closed", code=escape(file.case.code), day=day)
        return lines(_named(model, closed, file), *links_of(words, model.linked(file)))
    missing = [formatting.lack(words, file, each) for each in lacks(file, model.now)]
    if (consent := formatting.consent_missing(model.seen(file))) is not None:
        missing.append(consent)
    return lines(
        _case(model, file),
        holder_text(model.seen(file)),
        waits_line(model.seen(file)),
        *links_of(words, model.linked(file)),
        of_case(words, file, model.now),
        bullets(missing, most=1500) if missing else words("home.case-complete"),
    )


#: The most actions with a row of their own; a view takes 100 blocks.
MOST_ACTIONS = 8


def mine(model: HomeModel) -> list[Block]:
    """The open actions of the person's agencies."""
    words, found, shown = model.words, _own_actions(model), []
    for file, action in found[:MOST_ACTIONS]:
        what = actions_messages.line(words, file, action, model.now)
        press = button(words("press.action-done"), actions_messages.ACTION_DONE, action.id)
        shown.append(section(words("home.action", code=escape(file.case.code), what=what), accessory=press))
    return formatting.titled(words, words("home.actions"), shown, len(found) - MOST_ACTIONS)


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
