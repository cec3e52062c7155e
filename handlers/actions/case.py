"""The coordinator's buttons: on the card, in Home, in messages. Each opens a form."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.errors import NothingHere
from bot.usecases.acknowledge import see_recordable
from bot.usecases.answer_summons import see_call
from bot.usecases.change_involvement import see_involvement
from bot.usecases.door import enter_case, enter_team
from bot.usecases.open_case import see_openable
from handlers.blocks.modals.agencies import invite_form, involvement_form, release_form
from handlers.blocks.modals.answers import record_acknowledgement_form, record_answer_form
from handlers.blocks.modals.case import choose_team, open_case_form
from handlers.blocks.modals.meetings import call_form
from handlers.encounters import Pressed
from handlers.ids import ViewId
from handlers.payloads import Unreadable, asked
from handlers.proposals import propose


async def open_case(pressed: Pressed) -> None:
    """Open a case, for the team of the button or the only one."""
    openable = await pressed.look(see_openable)
    if pressed.value:
        openable = [each for each in openable if each[0].id == pressed.value]
    if not openable:
        await pressed.look(lambda uow, actor: enter_team(uow, actor, Action.OPEN_CASE, pressed.value))
    if len(openable) > 1:
        teams = [team for team, _ in openable]
        await pressed.open(choose_team(pressed.words, teams, ViewId.OPEN_CASE))
        return
    team, agencies = openable[0]
    if not agencies:
        raise NothingHere(what="directory")
    proposal = propose(pressed.words, team, "", pressed.services.clock.now())
    await pressed.open(open_case_form(pressed.words, team, agencies, proposal))


async def next_meeting(pressed: Pressed) -> None:
    """Call the next meeting."""
    here = await pressed.look(lambda uow, actor: enter_case(uow, actor, Action.CALL_MEETING, pressed.value))
    proposal = propose(pressed.words, here.file.team, "", pressed.services.clock.now())
    await pressed.open(call_form(pressed.words, here.file, proposal))


async def record_acknowledgement(pressed: Pressed) -> None:
    """Record that somebody outside Slack has confirmed taushetsplikt."""
    file, seat = await pressed.look(lambda uow, actor: see_recordable(uow, actor, pressed.value))
    await pressed.open(record_acknowledgement_form(pressed.words, file, seat))


async def record_answer(pressed: Pressed) -> None:
    """Record how somebody outside Slack was told, and what they answered."""
    ask_id, sequence = asked(pressed.value)
    file, ask, deputies = await pressed.look(lambda uow, actor: see_call(uow, actor, ask_id, sequence))
    await pressed.open(record_answer_form(pressed.words, file, ask, deputies))


async def involvement(pressed: Pressed) -> None:
    """The menu beside an agency on the card: change its part, end it, or ask an expected one."""
    verb, _, involvement_id = pressed.value.partition(":")
    here, part = await pressed.look(lambda uow, actor: see_involvement(uow, actor, involvement_id))
    words, file = pressed.words, here.file
    match verb:
        case "change":
            view = involvement_form(words, file, part)
        case "release":
            view = release_form(words, file, [part])
        case "ask":
            view = invite_form(words, file, [file.agencies[part.agency_id]], part.agency_id, part.persons)
        case _:
            raise Unreadable
    await pressed.open(view)
