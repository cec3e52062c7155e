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
from sandbox.model import Ephemeral
from sandbox.people.person import Person
from tests.e2e import kit
from tests.handlers.directory.test_agency import chooses
from tests.handlers.slack.test_bad_input import Doors, said, text_of

REFUSED = "Denne boten er for dem som arbeider i kommunen"
OTHER = "T0OTHER"
TRAITS: dict[str, dict[str, Any]] = {
    "a guest": {"is_restricted": True},
    "a guest of one channel": {"is_ultra_restricted": True},
    "a stranger by Slack Connect": {"is_stranger": True, "team": OTHER},
    "a member of another workspace": {"team": OTHER},
}


@pytest.fixture
async def doors(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[Doors]:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        doors = Doors(rehearsal, tmp_path / "tot.db")
        await doors.open_case()
        yield doors


def whispers(person: Person) -> list[str]:
    """The whispers to a person in their direct message with the bot."""
    return [s.text for s in person.messages("tot-bot") if isinstance(s.source, Ephemeral)]


@pytest.mark.parametrize("who", TRAITS)
async def test_whoever_is_not_registered_is_refused_at_every_door(doors: Doors, who: str) -> None:
    person = doors.sandbox.add_person("fremmed", **TRAITS[who])
    before = doors.state()
    await doors.coordinator.types("/tot møte overmorgen kl 10", doors.room)
    form = (await doors.coordinator.sees_modal()).view
    for word in ("", "hjelp", "sak", "innsyn", "språk english"):
        command = await doors.sandbox.interactions.command(
            person.id, doors.sandbox.workspace.direct(doors.sandbox.workspace.bot.id, person.id), "/tot", word
        )
        assert command is not None
        assert command.text.startswith(REFUSED), word
    for action_id in (button.id for button in joined().buttons):
        assert (await doors.presses(person, action_id, "x")).startswith(REFUSED), action_id
    assert said(await doors.submits(person, form)).startswith(REFUSED)
    heard = len(whispers(person))
    doors.sandbox._events.send({"type": "app_home_opened", "user": person.id, "tab": "home", "channel": "D1"})
    await person.writes("hei")
    await doors.runner.settle()
    assert [t.startswith(REFUSED) for t in whispers(person)[heard:]] == [True]
    assert person.home == ""
    assert doors.state() == before


async def test_a_registered_guest_takes_part_like_anyone(doors: Doors) -> None:
    doors.sandbox.user("sosialtjenesten").is_restricted = True
    person = doors.person("sosialtjenesten")
    assert not text_of(await person.types("/tot hjelp", "tot-bot")).startswith(REFUSED)
    await kit.confirm(doors.runner, "sosialtjenesten")
    assert "sosialtjenesten" in kit.people_in(doors.sandbox, doors.room)
    await person.presses("Bekreft", in_="tot-bot")
    await person.sees("Du har bekreftet oppmøte", in_="tot-bot")


async def test_registered_does_not_help_a_stranger_of_another_workspace(doors: Doors) -> None:
    """A press says whose member one is."""
    user = doors.sandbox.user("sosialtjenesten")
    user.is_stranger, user.team = True, OTHER
    assert (await doors.presses(doors.person("sosialtjenesten"), answers_messages.CONFIRM, "x")).startswith(
        REFUSED
    )


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
        ({"is_restricted": True}, "Gjester i Slack kan ikke være koordinator"),
        ({"is_stranger": True, "team": OTHER}, "Gjester i Slack kan ikke være koordinator"),
        ({"team": OTHER}, "Gjester i Slack kan ikke være koordinator"),
    ],
)
async def test_only_members_are_appointed(doors: Doors, traits: dict[str, Any], why: str) -> None:
    other = doors.sandbox.add_person("andre", **traits)
    before = doors.state()
    await doors.coordinator.types("/tot koordinator")
    form = (await doors.coordinator.sees_modal()).view
    form.values["appoint"] = {"value": {"type": "users_select", "selected_user": other.id}}
    answer = await doors.submits(doors.coordinator, form)
    assert why in answer["errors"]["appoint"]
    assert doors.state() == before


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
    doors: Doors, form: str, traits: dict[str, Any], why: str | None
) -> None:
    """As a liaison and as a contact: a guest may be one, an account of another workspace is told nothing."""
    other = doors.sandbox.add_person("andre", **traits)
    before = doors.state()
    coordinator = doors.coordinator
    if form == "liaison":
        field = "someone"
        await coordinator.types("/tot koble", doors.room)
        await coordinator.fills({"Hva vil du gjøre?": "Ta inn en liaison fra et annet distrikt"})
        await doors.runner.sends(coordinator)
        await coordinator.fills({"Til": "2026-12-04"})
    else:
        field = "person"
        await chooses(doors.runner, "koordinator", "Ny kontaktperson")
    view = (await coordinator.sees_modal()).view
    view.values[field] = {"value": {"type": "users_select", "selected_user": other.id}}
    answer = await doors.submits(coordinator, view)
    await doors.runner.settle()
    if why is None:
        assert "errors" not in answer
        assert doors.state() != before
    else:
        assert why in answer["errors"][field]
        assert doors.state() == before
        assert not [c for c in doors.sandbox.workspace.calls if c.arguments.get("channel") == other.id]


async def test_a_bot_never_has_a_seat(doors: Doors) -> None:
    """Also one that the partners file takes for a contact: it cannot confirm, and comes into no room."""
    doors.sandbox.user("sosialtjenesten").is_bot = True
    doors.sandbox.user("sosialtjenesten").bot_id = "B0SOSIAL"
    person = doors.person("sosialtjenesten")
    seats = await doors.bot.database.read(lambda uow: _seats(uow, person.id))
    assert [s.acknowledged_at for s in seats] == [None]
    user = doors.sandbox.workspace.users[person.id]
    event = {"type": "message", "channel": "D1", "channel_type": "im", "user": user.id, "bot_id": "B0SOSIAL"}
    doors.sandbox._events.send(event | {"text": "hei", "ts": "1.1"})
    await doors.runner.settle()
    assert await doors.bot.database.read(lambda uow: _seats(uow, person.id)) == seats
    assert "sosialtjenesten" not in kit.people_in(doors.sandbox, doors.room)


def _seats(uow: UnitOfWork, slack_id: str) -> list[Seat]:
    person = uow.person_by_slack(slack_id)
    return uow.find(Seat, person_id=person.id) if isinstance(person, Human) else []


async def test_a_deactivated_users_part_ends(doors: Doors) -> None:
    await kit.confirm(doors.runner, "politi-exit")
    person = doors.person("politi-exit")
    old = kit.direct(doors.sandbox, "politi-exit")[-1].source
    await person.is_deactivated()
    await doors.runner.settle()
    assert [s for s in await doors.bot.database.read(lambda uow: _seats(uow, person.id)) if s.live] == []
    await person.is_reactivated()
    await doors.runner.settle()
    assert "politi-exit" not in kit.people_in(doors.sandbox, doors.room)
    before = doors.state()
    assert old is not None
    with_values = [e for b in getattr(old, "blocks", []) for e in b.get("elements", []) if "value" in e]
    for element in with_values:
        await doors.presses(person, element["action_id"], element["value"])
    assert doors.state() == before


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
