"""Ask TOT to convene, and decide: the commands, the shortcut, forms and messages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.domain.access import Action
from bot.domain.convening import Convening, NotConvened, Urgency, standing
from bot.domain.directory.entities import Agency, Person
from bot.domain.notifications import Kind
from bot.texts.words import Words
from bot.usecases.authorization import allowed_actions, teams_of
from bot.usecases.convening import (
    Askable,
    ConveningView,
    ask_to_convene,
    decline_to_convene,
    see_convenable,
    see_deciding,
)
from bot.usecases.outside import asked_view
from bot.usecases.ports import UnitOfWork
from bot.usecases.validation import NOTE
from handlers.blocks import inputs
from handlers.blocks.context import Block, Message, PersonRenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, context, lines, quoted, section
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import NOTICE, Blocks, View, field, form, modal, team_field
from handlers.blocks.people import mention, whom_to_write
from handlers.case.modals import OPEN_CASE_FROM
from handlers.case.requests import ACUTE_OPENER, OPENER
from handlers.delivery.declarations import item_messages
from handlers.guidance.messages import asker_waits, facts_of, still_waits, until_when
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.requests import CommandRequest
from handlers.slack.verbs import drawn, typed_again
from handlers.slack.vocabulary import Command, choice_of

DECLINE_CONVENING = ActionId("decline_convening", "convening")
#: The global shortcut.
SHORTCUT = ActionId("convene_now")


def about(words: Words, now: ConveningView) -> dict[str, str]:
    """Return the values for texts about a request: `facts_of`, agency by its shown name, urgency, and until
    when an answer comes.

    «Today» is said with its day, since the request may be read later.
    """
    convening, agency, facts = now.asked, now.agency, facts_of(words, now)
    taken_back = words("convene.taken-back") if convening.open and convening.decided_by else None
    today = words("convene.today", day=words.day(now.team.day_of(convening.asked_at)))
    is_today = convening.urgency is Urgency.TODAY
    return facts | {
        "agency": escape(agency.shown_name) if agency is not None else words("convene.another-service"),
        "urgency": today if is_today else words(f"urgency.{convening.urgency}"),
        "stands": lines(taken_back, until_when(words, now)),
    }


def asked(ctx: PersonRenderContext, now: ConveningView) -> Message:
    """To a coordinator: who asks, how urgent it is, and two buttons; once decided, only the outcome."""
    words, convening, facts = ctx.words, now.asked, about(ctx.words, now)
    if not convening.open:
        outcome = "guidance-outcome.case" if convening.convened else f"not-convened.{convening.reason}"
        outcome = "guidance-outcome.closed" if convening.convened is None else outcome
        text = words("convene.decided", outcome=words(outcome), **facts)
        return Message([section(text), context(words("convene.deleted", **facts))])
    blocks = [
        section(lines(words("convene.asked", **facts), words("guidance.promise", **facts))),
        *([section(quoted(convening.note))] if convening.note else []),
        actions(*buttons(words, convening)),
        context(words("convene.nothing-along"), words("said.emergency")),
    ]
    return Message(blocks)


def buttons(words: Words, convening: Convening) -> list[Block]:
    return [
        button(words("press.convene"), OPEN_CASE_FROM, convening.item, primary=True),
        button(words("press.not-convene"), DECLINE_CONVENING, convening.id),
    ]


def stands(ctx: PersonRenderContext, now: ConveningView) -> Message:
    """To the asker: until when an answer comes. Deleted when it has come."""
    return asker_waits(ctx.words, "convene", about(ctx.words, now))


def decided(ctx: PersonRenderContext, now: ConveningView) -> Message:
    """To the asker: the answer, or that nobody has given one in time."""
    words, convening = ctx.words, now.asked
    if convening.convened:
        text = words("convene.yes")
    elif convening.convened is None:
        text = words("convene.unanswered", who=whom_to_write(words, now.persons, now.coordinators))
    else:
        who = mention(words, now.persons.get(convening.decided_by or ""))
        text = words("convene.no", reason=words(f"not-convened.{convening.reason}"), who=who)
    return Message([section(text), context(words("convene.deleted", **about(words, now)))])


def waits(ctx: PersonRenderContext, now: ConveningView) -> Message:
    """To a coordinator: a request waits for a decision. Deleted when it is decided."""
    return still_waits(ctx.words, "convene", about(ctx.words, now), buttons(ctx.words, now.asked))


NOTIFICATIONS = item_messages(
    partial(asked_view, Convening),
    standing,
    {
        Kind.CONVENE_ASKED: asked,
        Kind.CONVENE_STANDS: stands,
        Kind.CONVENE_DECIDED: decided,
        Kind.CONVENE_WAITS: waits,
    },
)


ANOTHER = "another"


@form(
    "ask_to_convene",
    "team, or nothing where it is chosen in the form",
    heading="modal.convene.title",
    submit="modal.send",
)
def convene_form(words: Words, askable: Sequence[Askable], ring: Sequence[Agency]) -> Blocks:
    """Choose the agency and the urgency. It always says that it is no report of concern, and whom to ring."""
    teams = [team for team, _ in askable]
    several = len(teams) > 1
    choices = [
        (a.id, f"{a.shown_name} · {team.name}" if several else a.shown_name)
        for team, agencies in askable
        for a in agencies
    ]
    only = choices[0][0] if len(choices) == 1 else None
    asking = inputs.select([*choices, (ANOTHER, words("convene.another-service-choice"))], only)
    note = inputs.writing(NOTE)
    numbers = dict.fromkeys(f"{escape(a.name)}: {escape(a.duty_line or '')}" for a in ring)
    yield section(lines(words("guidance.no-report"), *numbers))
    yield from team_field(words, teams)
    yield field(words, "agency", "field.asking-agency", asking)
    yield field(words, "urgency", "field.urgency", inputs.radio(choices_of(words, "urgency", Urgency)))
    yield field(words, "note", "field.convene-note", note, hint=True, optional=True)
    yield section(words("modal.convene.told"))
    return "" if several else teams[0].id


@form("decline_convening", "convening", heading="modal.not-convene.title", submit="modal.send")
def decline_convening_form(words: Words, found: ConveningView) -> Blocks:
    """Choose the reason for a no; the asker is told."""
    reasons = inputs.radio(choices_of(words, "not-convened", NotConvened))
    yield section(words("modal.not-convene.intro"))
    yield field(words, "reason", "field.why", reasons)
    return found.asked.id


async def open_convene_form(request: CommandRequest) -> None:
    """Ask TOT to convene: for which agency, how urgently.

    Text typed after the word is not used: it has not passed the guard.
    """
    await request.open(await drawn(request, see_convenable, convene_form))


async def gather(request: CommandRequest) -> None:
    """Call TOT together: for a coordinator a case, at the typed time or now; for others the request.

    In a case's room it first asks: a meeting of that case, or a new case?
    """
    teams = await request.look(teams_of)
    here = bool(teams) and await request.look(_calls_here, request.channel)
    if here:
        await request.open(_this_or_new(request, typed_again(teams[0], request.rest, request.now)))
    elif teams and request.rest:
        await request.open(await OPENER.first(request, request.rest))
    else:
        await acute(request)


def _calls_here(uow: UnitOfWork, actor: Person, channel_id: str) -> bool:
    return Action.CALL_MEETING in allowed_actions(uow, actor, uow.case_of_channel(channel_id))


def _this_or_new(request: CommandRequest, when: str) -> View:
    words, where = request.words, f"{request.channel} {when}".strip()
    asks = actions(
        button(words("press.this-case"), choice_of("meeting"), where, primary=True),
        button(words("press.new-case"), choice_of("case" if when else "acute"), where),
    )
    return modal(words, NOTICE, [section(words("modal.gather.which")), asks])


async def acute(request: CommandRequest) -> None:
    """Convene now: the form of an acute case; for people who coordinate no team the request."""
    request.acute = True
    if await request.look(teams_of):
        await request.open(await ACUTE_OPENER.first(request))
    else:
        await open_convene_form(request)


_ROWS = (Action.OPEN_CASE, Action.ASK_TO_CONVENE)
CONVENING = Subject(
    verbs=(
        Command("acute", _ROWS, acute),
        Command("convene", Action.ASK_TO_CONVENE, open_convene_form),
        Command("gather", _ROWS, gather),
        Button(SHORTCUT, _ROWS, acute),
        Verb(Action.ASK_TO_CONVENE, convene_form, ask_to_convene, says="modal.guidance.done", none=ANOTHER),
        Verb(
            Action.DECIDE_CONVENING,
            decline_convening_form,
            decline_to_convene,
            see_deciding,
            DECLINE_CONVENING,
        ),
    ),
    notifications=NOTIFICATIONS,
)
