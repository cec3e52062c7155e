"""Those from outside: a guest counts exactly when registered, nobody else does, and a bot never sits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.demo import PARTNERS, Rehearsal, rehearse
from bot.domain.case.entities import Seat
from bot.domain.directory.entities import Person as Human
from bot.usecases.directory.partners.reader import read_partners
from bot.usecases.directory.partners.transfer import import_partners
from bot.usecases.ports import UnitOfWork
from handlers.answers import messages as answers_messages
from handlers.slack.guest_middleware import Account, account
from handlers.subjects import joined
from sandbox.faults import Fault
from sandbox.model import Ephemeral
from sandbox.people.person import Person
from tests.e2e import kit
from tests.handlers.entry_points import EntryPoints, said, text_of

REFUSED = "Denne boten er for dem som arbeider i kommunen"
OTHER = "T0OTHER"
TRAITS: dict[str, dict[str, Any]] = {
    "a guest": {"is_restricted": True},
    "a guest of one channel": {"is_ultra_restricted": True},
    "a stranger by Slack Connect": {"is_stranger": True, "team": OTHER},
    "a member of another workspace": {"team": OTHER},
}


@pytest.fixture
async def entry_points(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[EntryPoints]:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        entry_points = EntryPoints(rehearsal, tmp_path / "tot.db")
        await entry_points.open_case()
        yield entry_points


def whispers(person: Person) -> list[str]:
    """The whispers to a person in their direct message with the bot."""
    return [s.text for s in person.messages("tot-bot") if isinstance(s.source, Ephemeral)]


@pytest.mark.parametrize("who", TRAITS)
async def test_whoever_is_not_registered_is_refused_at_every_door(
    entry_points: EntryPoints, who: str
) -> None:
    person = entry_points.sandbox.add_person("fremmed", **TRAITS[who])
    before = entry_points.state()
    await entry_points.coordinator.types("/tot møte overmorgen kl 10", entry_points.room)
    form = (await entry_points.coordinator.sees_modal()).view
    for word in ("", "hjelp", "sak", "innsyn", "språk english"):
        command = await entry_points.sandbox.interactions.command(
            person.id,
            entry_points.sandbox.workspace.direct(entry_points.sandbox.workspace.bot.id, person.id),
            "/tot",
            word,
        )
        assert command is not None
        assert command.text.startswith(REFUSED), word
        assert "Snakk med koordinatoren for TOT Bergen." in command.text, "the team's own name"
        assert "Utekontakten" not in command.text
    for action_id in (button.id for button in joined().buttons):
        assert (await entry_points.presses(person, action_id, "x")).startswith(REFUSED), action_id
    assert said(await entry_points.submits(person, form)).startswith(REFUSED)
    heard = len(whispers(person))
    entry_points.sandbox._events.send(
        {"type": "app_home_opened", "user": person.id, "tab": "home", "channel": "D1"}
    )
    await person.writes("hei")
    await entry_points.runner.until_idle()
    assert [t.startswith(REFUSED) for t in whispers(person)[heard:]] == [True]
    assert person.home == ""
    assert entry_points.state() == before


async def test_a_registered_guest_takes_part_like_anyone(entry_points: EntryPoints) -> None:
    entry_points.sandbox.user("sosialtjenesten").is_restricted = True
    person = entry_points.person("sosialtjenesten")
    assert not text_of(await person.types("/tot hjelp", "tot-bot")).startswith(REFUSED)
    await kit.confirm(entry_points.runner, "sosialtjenesten")
    assert "sosialtjenesten" in kit.people_in(entry_points.sandbox, entry_points.room)
    await person.presses("Jeg kommer", in_="tot-bot")
    await person.sees("Du kommer på møtet", in_="tot-bot")


async def test_registered_does_not_help_a_stranger_of_another_workspace(entry_points: EntryPoints) -> None:
    """A press says whose member one is."""
    user = entry_points.sandbox.user("sosialtjenesten")
    user.is_stranger, user.team = True, OTHER
    assert (
        await entry_points.presses(entry_points.person("sosialtjenesten"), answers_messages.CONFIRM, "x")
    ).startswith(REFUSED)


async def test_while_slack_does_not_say_a_stranger_is_not_taken_for_a_member(
    entry_points: EntryPoints,
) -> None:
    user = entry_points.sandbox.user("sosialtjenesten")
    user.is_stranger, user.team = True, OTHER
    person, before = entry_points.person("sosialtjenesten"), entry_points.state()
    entry_points.sandbox.faults.add(Fault("ratelimited", "users.info", times=-1, retry_after=25))
    answer = await entry_points.presses(person, answers_messages.CONFIRM, "x")
    assert answer.startswith("Slack svarer ikke på om kontoen din hører til her")
    assert entry_points.state() == before


async def test_a_guest_is_let_in_as_soon_as_a_contact(sqlite_database_url: str, tmp_path: Path) -> None:
    partners = tmp_path / "partners.toml"
    text = PARTNERS.read_text("utf-8")
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        guest = rehearsal.runner.sandbox.add_person("gjest", is_restricted=True, id="U0GJEST01")
        assert text_of(await guest.types("/tot hjelp", "tot-bot")).startswith(REFUSED)
        partners.write_text(text.replace("U0HELSE", guest.id), "utf-8")
        await imported(rehearsal, partners)
        assert not text_of(await guest.types("/tot hjelp", "tot-bot")).startswith(REFUSED)
        partners.write_text(text, "utf-8")
        await imported(rehearsal, partners)
        assert text_of(await guest.types("/tot hjelp", "tot-bot")).startswith(REFUSED)


async def imported(rehearsal: Rehearsal, path: Path) -> None:
    file = read_partners(path.read_text("utf-8"))  # noqa: ASYNC240
    await rehearsal.bot.database.write(lambda uow: import_partners(uow, file))


@pytest.mark.parametrize(
    ("traits", "why"),
    [
        ({"is_bot": True, "bot_id": "B0X"}, "app"),
        ({"deleted": True}, "app"),
        ({"is_restricted": True}, "Gjester i Slack kan ikke velges her"),
        ({"is_stranger": True, "team": OTHER}, "Gjester i Slack kan ikke velges her"),
        ({"team": OTHER}, "Gjester i Slack kan ikke velges her"),
    ],
)
async def test_only_members_are_appointed(
    entry_points: EntryPoints, traits: dict[str, Any], why: str
) -> None:
    other = entry_points.sandbox.add_person("andre", **traits)
    before = entry_points.state()
    await entry_points.coordinator.types("/tot koordinator")
    form = (await entry_points.coordinator.sees_modal()).view
    form.values["appoint"] = {"value": {"type": "users_select", "selected_user": other.id}}
    answer = await entry_points.submits(entry_points.coordinator, form)
    assert why in answer["errors"]["appoint"]
    assert entry_points.state() == before


@pytest.mark.parametrize(
    ("traits", "why"),
    [
        ({"is_bot": True, "bot_id": "B0X"}, "app"),
        ({"deleted": True}, "app"),
        ({"is_stranger": True, "team": OTHER}, "Denne kontoen hører til et annet Slack-område"),
        ({"team": OTHER}, "Denne kontoen hører til et annet Slack-område"),
        ({"is_restricted": True}, None),
    ],
)
@pytest.mark.parametrize("form", ["liaison", "contact"])
async def test_only_accounts_of_this_workspace_are_chosen(
    entry_points: EntryPoints, form: str, traits: dict[str, Any], why: str | None
) -> None:
    """As a liaison and as a contact: a guest may be one, an account of another workspace is told nothing."""
    other = entry_points.sandbox.add_person("andre", **traits)
    before = entry_points.state()
    coordinator = entry_points.coordinator
    if form == "liaison":
        field = "someone"
        await coordinator.types("/tot koble", entry_points.room)
        await coordinator.fills({"Hva vil du gjøre?": "Ta inn en kontakt fra et annet distrikt"})
        await entry_points.runner.sends(coordinator)
        await coordinator.fills({"Til": "2026-12-04"})
    else:
        field = "person"
        await kit.keeps_agency(entry_points.runner, "koordinator", "Ny kontaktperson")
    view = (await coordinator.sees_modal()).view
    view.values[field] = {"value": {"type": "users_select", "selected_user": other.id}}
    answer = await entry_points.submits(coordinator, view)
    await entry_points.runner.until_idle()
    if why is None:
        assert "errors" not in answer
        assert entry_points.state() != before
    else:
        assert why in answer["errors"][field]
        assert entry_points.state() == before
        assert not [c for c in entry_points.sandbox.workspace.calls if c.arguments.get("channel") == other.id]


async def test_a_bot_never_has_a_seat(entry_points: EntryPoints) -> None:
    """Also one that the partners file takes for a contact: it cannot confirm, and comes into no room."""
    entry_points.sandbox.user("sosialtjenesten").is_bot = True
    entry_points.sandbox.user("sosialtjenesten").bot_id = "B0SOSIAL"
    person = entry_points.person("sosialtjenesten")
    seats = await entry_points.bot.database.read(lambda uow: _seats(uow, person.id))
    assert [s.acknowledged_at for s in seats] == [None]
    user = entry_points.sandbox.workspace.users[person.id]
    event = {"type": "message", "channel": "D1", "channel_type": "im", "user": user.id, "bot_id": "B0SOSIAL"}
    entry_points.sandbox._events.send(event | {"text": "hei", "ts": "1.1"})
    await entry_points.runner.until_idle()
    assert await entry_points.bot.database.read(lambda uow: _seats(uow, person.id)) == seats
    assert "sosialtjenesten" not in kit.people_in(entry_points.sandbox, entry_points.room)


def _seats(uow: UnitOfWork, slack_id: str) -> list[Seat]:
    person = uow.person_by_slack(slack_id)
    return uow.find(Seat, person_id=person.id) if isinstance(person, Human) else []


async def test_a_deactivated_users_part_ends(entry_points: EntryPoints) -> None:
    await kit.confirm(entry_points.runner, "politi-exit")
    person = entry_points.person("politi-exit")
    old = kit.direct(entry_points.sandbox, "politi-exit")[-1].source
    await person.is_deactivated()
    await entry_points.runner.until_idle()
    assert [
        s for s in await entry_points.bot.database.read(lambda uow: _seats(uow, person.id)) if s.live
    ] == []
    await person.is_reactivated()
    await entry_points.runner.until_idle()
    assert "politi-exit" not in kit.people_in(entry_points.sandbox, entry_points.room)
    before = entry_points.state()
    assert old is not None
    with_values = [e for b in getattr(old, "blocks", []) for e in b.get("elements", []) if "value" in e]
    for element in with_values:
        await entry_points.presses(person, element["action_id"], element["value"])
    assert entry_points.state() == before


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
