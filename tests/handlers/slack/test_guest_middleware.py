"""Outsiders: an unregistered person is refused at every entry point, and a bot never gets a seat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.demo import rehearse
from handlers.answers import messages as answers_messages
from handlers.room.events import _looked_up
from handlers.slack.guest_middleware import Account, Accounts, account
from handlers.subjects import joined
from sandbox.faults import Fault
from tests.e2e import kit
from tests.handlers.access.workspace import EntryPoints, said

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
async def entry_points(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[EntryPoints]:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        entry_points = EntryPoints(rehearsal, tmp_path / "tot.db")
        await entry_points.open_case()
        yield entry_points


async def test_whoever_is_not_registered_is_refused_at_every_door(entry_points: EntryPoints) -> None:
    sandbox, before = entry_points.sandbox, entry_points.state()
    await entry_points.coordinator.types("/tot møte overmorgen kl 10", entry_points.room)
    form = (await entry_points.coordinator.sees_modal()).view
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
            assert (await entry_points.presses(person, button.id, "x")).startswith(REFUSED), (who, button.id)
        assert said(await entry_points.submits(person, form)).startswith(REFUSED), who
        heard = len(entry_points.told(person))
        sandbox._events.send({"type": "app_home_opened", "user": person.id, "tab": "home", "channel": "D1"})
        await person.writes("hei")
        await entry_points.runner.until_idle()
        assert [t.startswith(REFUSED) for t in entry_points.told(person)[heard:]] == [True], who
        assert person.home == ""
    assert entry_points.state() == before


async def test_registered_does_not_help_a_stranger_of_another_workspace(entry_points: EntryPoints) -> None:
    """A press names a person's workspace; while Slack does not, nobody is taken for a member."""
    user = entry_points.sandbox.user("sosialtjenesten")
    user.is_stranger, user.team = True, OTHER
    person, before = entry_points.person("sosialtjenesten"), entry_points.state()
    silent = Fault("ratelimited", "users.info", times=-1, retry_after=25)
    entry_points.sandbox.faults.add(silent)
    answer = await entry_points.presses(person, answers_messages.CONFIRM, "x")
    assert answer.startswith("Slack svarer ikke på om kontoen din hører til her")
    entry_points.sandbox.faults.clear()
    await entry_points.runner.later(seconds=30)
    assert (await entry_points.presses(person, answers_messages.CONFIRM, "x")).startswith(REFUSED)
    assert entry_points.state() == before


async def test_an_answer_without_an_account_is_none() -> None:
    """Nobody is let in, or is back, because of it."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_route("*", "/api/users.info", answer)
    async with TestServer(app) as server, ClientSession() as session:
        client = AsyncWebClient("xoxb-1", str(server.make_url("/api/")), session=session)
        assert await Accounts("T1", within=kit.quick().patience).of(client, "U1") is None
        assert await _looked_up(client, "U1") is None


async def test_only_accounts_of_this_workspace_are_chosen(entry_points: EntryPoints) -> None:
    """A guest may be a liaison or a contact; an account of another workspace is told nothing."""
    coordinator, runner = entry_points.coordinator, entry_points.runner
    calls = entry_points.sandbox.workspace.calls
    others = {who: entry_points.sandbox.add_person(who, **traits) for who, traits in ACCOUNTS.items()}
    for field in ("appoint", "someone", "person"):
        if field == "appoint":
            await coordinator.types("/tot koordinator")
        elif field == "someone":
            await coordinator.types("/tot koble", entry_points.room)
            await coordinator.fills({"Hva vil du gjøre?": "Ta inn en kontakt fra et annet distrikt"})
            await runner.sends(coordinator)
            await coordinator.fills({"Til": "2026-12-04"})
        else:
            await kit.keeps_agency(runner, "koordinator", "Ny kontaktperson")
        view, before = (await coordinator.sees_modal()).view, entry_points.state()
        for handle, other in others.items():
            view.values[field] = {"value": {"type": "users_select", "selected_user": other.id}}
            answer = await entry_points.submits(coordinator, view)
            await runner.until_idle()
            if handle == "gjest" and field != "appoint":
                assert "errors" not in answer
                assert entry_points.state() != before
                continue
            why = "app" if handle in ("appen", "borte") else GUESTS_ONLY if field == "appoint" else ELSEWHERE
            assert why in answer["errors"][field], (field, handle)
            assert entry_points.state() == before
            assert not [call for call in calls if call.arguments.get("channel") == other.id]
        await coordinator.closes(whole_stack=True)


async def test_a_bot_never_has_a_seat(entry_points: EntryPoints) -> None:
    """Also one that the partners file lists as a contact: it is not answered, and enters no room."""
    user, calls = entry_points.sandbox.user("sosialtjenesten"), entry_points.sandbox.workspace.calls
    answered = len(calls)
    user.is_bot, user.bot_id = True, "B0SOSIAL"
    event = {"type": "message", "channel": "D1", "channel_type": "im", "user": user.id, "bot_id": "B0SOSIAL"}
    entry_points.sandbox._events.send(event | {"text": "hei", "ts": "1.1"})
    await entry_points.runner.until_idle()
    assert len(calls) == answered
    assert "sosialtjenesten" not in kit.people_in(entry_points.sandbox, entry_points.room)


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
