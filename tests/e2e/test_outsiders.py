"""Outsiders: an unregistered person is refused at every entry point, and a bot never gets a seat."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import date
from typing import Any

import pytest

from bot.cli.demo import Rehearsal
from handlers.answers import messages as answers_messages
from handlers.slack.accounts import Account, account
from handlers.subjects import joined
from sandbox.faults import Fault
from sandbox.people.person import Person
from tests.e2e import kit
from tests.handlers import forged

REFUSED = "Denne boten er for dem som arbeider i kommunen"
OTHER = "T0OTHER"
GUESTS_ONLY = "Gjester i Slack kan ikke velges her"
ELSEWHERE = "Denne kontoen hører til et annet Slack-område"
#: Members of another workspace, the first by Slack Connect; and guests of this one.
TRAITS: dict[str, dict[str, Any]] = {
    "fremmed": {"is_stranger": True, "team": OTHER},
    "naboen": {"team": OTHER},
    "gjest": {"is_restricted": True},
    "enkeltgjest": {"is_ultra_restricted": True},
}
#: Accounts of this workspace that no person uses, and the first three above.
ACCOUNTS: dict[str, dict[str, Any]] = {
    "appen": {"is_bot": True, "bot_id": "B0X"},
    "borte": {"deleted": True},
    **{handle: TRAITS[handle] for handle in ("fremmed", "naboen", "gjest")},
}


@pytest.fixture
async def playing(rehearsal: Rehearsal) -> Rehearsal:
    """Open a case, asked of the police and the social services."""
    await kit.open_case(rehearsal.runner, "Politiet", "Sosialtjenesten", when="i morgen kl 10")
    return rehearsal


def presses(playing: Rehearsal, person: Person, action_id: str) -> Awaitable[str]:
    return forged.presses(playing.runner, person.id, {"action_id": action_id, "value": "x"})


async def test_whoever_is_not_registered_is_refused_at_every_door(playing: Rehearsal) -> None:
    runner, sandbox, before = playing.runner, playing.runner.sandbox, await kit.dump(playing.bot)
    coordinator = sandbox.person("koordinator")
    await coordinator.types("/tot møte overmorgen kl 10", kit.the_room(runner))
    form = (await coordinator.sees_modal()).view
    for who, traits in TRAITS.items():
        person = sandbox.add_person(who, **traits)
        direct = sandbox.workspace.direct(sandbox.workspace.bot.id, person.id)
        for word in ("", "hjelp", "sak", "innsyn", "språk english"):
            answer = await sandbox.interactions.command(person.id, direct, "/tot", word)
            assert answer is not None
            assert answer.text.startswith(REFUSED), (who, word)
            assert "Snakk med koordinatoren for TOT Bergen." in answer.text, "the team's own name"
            assert "Utekontakten" not in answer.text
        for button in joined().buttons:
            assert (await presses(playing, person, button.id)).startswith(REFUSED), (who, button.id)
        assert forged.said(await forged.submits(sandbox, person.id, form)).startswith(REFUSED), who
        heard = len(forged.whispers(sandbox, person.id))
        sandbox._events.send({"type": "app_home_opened", "user": person.id, "tab": "home", "channel": "D1"})
        await person.writes("hei")
        await runner.until_idle()
        said = forged.whispers(sandbox, person.id)[heard:]
        assert [each.startswith(REFUSED) for each in said] == [True], who
        assert person.home == ""
    assert await kit.dump(playing.bot) == before


async def test_registered_does_not_help_a_stranger_of_another_workspace(playing: Rehearsal) -> None:
    """A press names a person's workspace; while Slack does not, nobody is taken for a member."""
    sandbox, before = playing.runner.sandbox, await kit.dump(playing.bot)
    user, person = sandbox.user("sosialtjenesten"), sandbox.person("sosialtjenesten")
    user.is_stranger, user.team = True, OTHER
    sandbox.faults.add(Fault("ratelimited", "users.info", times=-1, retry_after=25))
    answer = await presses(playing, person, answers_messages.CONFIRM)
    assert answer.startswith("Slack svarer ikke på om kontoen din hører til her")
    sandbox.faults.clear()
    await playing.runner.later(seconds=30)
    assert (await presses(playing, person, answers_messages.CONFIRM)).startswith(REFUSED)
    assert await kit.dump(playing.bot) == before


async def test_only_accounts_of_this_workspace_are_chosen(playing: Rehearsal) -> None:
    """A guest may be a liaison or a contact; an account of another workspace is told nothing."""
    runner, sandbox = playing.runner, playing.runner.sandbox
    coordinator, calls = sandbox.person("koordinator"), sandbox.workspace.calls
    others = {who: sandbox.add_person(who, **traits) for who, traits in ACCOUNTS.items()}
    for field in ("appoint", "someone", "person"):
        if field == "appoint":
            await coordinator.types("/tot koordinator")
        elif field == "someone":
            await coordinator.types("/tot koble", kit.the_room(runner))
            await coordinator.presses("Ta inn en kontakt fra et annet distrikt")
            await runner.until_idle()
            await coordinator.fills({"Til": date(2026, 12, 4)})
        else:
            await coordinator.types("/tot tjeneste politiet")
            await coordinator.presses("Ny kontaktperson")
            await runner.until_idle()
        view, before = (await coordinator.sees_modal()).view, await kit.dump(playing.bot)
        for handle, other in others.items():
            view.values[field] = {"value": {"type": "users_select", "selected_user": other.id}}
            answer = await forged.submits(sandbox, coordinator.id, view)
            await runner.until_idle()
            if handle == "gjest" and field != "appoint":
                assert "errors" not in answer
                assert await kit.dump(playing.bot) != before
                continue
            why = "app" if handle in ("appen", "borte") else GUESTS_ONLY if field == "appoint" else ELSEWHERE
            assert why in answer["errors"][field], (field, handle)
            assert await kit.dump(playing.bot) == before
            assert not [call for call in calls if call.arguments.get("channel") == other.id]
        await coordinator.closes(whole_stack=True)


async def test_a_bot_never_has_a_seat(playing: Rehearsal) -> None:
    """Also one that the partners file lists as a contact: it is not answered, and enters no room."""
    sandbox = playing.runner.sandbox
    user, calls = sandbox.user("sosialtjenesten"), sandbox.workspace.calls
    answered = len(calls)
    user.is_bot, user.bot_id = True, "B0SOSIAL"
    event = {"type": "message", "channel": "D1", "channel_type": "im", "user": user.id, "bot_id": "B0SOSIAL"}
    sandbox._events.send(event | {"text": "hei", "ts": "1.1"})
    await playing.runner.until_idle()
    assert len(calls) == answered
    assert "sosialtjenesten" not in kit.people_in(sandbox, kit.the_room(playing.runner))


def test_what_slack_says_of_an_account() -> None:
    for user, expected in (
        ({"team_id": "T1"}, Account.MEMBER),
        ({}, Account.MEMBER),
        ({"team_id": "T2", "enterprise_user": {"id": "W1"}}, Account.MEMBER),
        ({"team_id": "T2"}, Account.OUTSIDE),
        ({"team_id": "T1", "is_stranger": True}, Account.OUTSIDE),
        ({"team_id": "T1", "is_bot": True}, Account.OUTSIDE),
        ({"team_id": "T1", "deleted": True}, Account.OUTSIDE),
        ({"team_id": "T1", "is_restricted": True}, Account.GUEST),
    ):
        assert account(user, "T1") is expected, user
