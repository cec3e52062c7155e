"""Bad input at every door: the person gets a clear answer, nothing changes, and nothing of it is logged."""

from __future__ import annotations

import asyncio
import contextlib
import io
import itertools
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from bot.cli.rehearsal import Rehearsal, rehearse
from bot.domain.case import Ask, Case, Meeting, Seat
from bot.domain.case import Involvement as Part
from bot.logs import set_up
from handlers.ids import ActionId, ViewId
from sandbox import modals
from sandbox.box import Sandbox
from sandbox.moments import render_view
from sandbox.person import Person
from sandbox.stage import ZONE, Stage
from tests.play import kit

CANARY = "Kanarifugl"
#: The sandbox's own server logs what passes over its wires.
OF_THE_SANDBOX = ("uvicorn", "websockets", "python_multipart", "hypothesis")
SLACK_ID = r"\b[UCDTVF]0[A-Z0-9]{3,}\b"
TEXTS = {
    "endless": f"{CANARY} " + "æ" * 10_000,
    "one endless word": CANARY + "x" * 10_000,
    "emoji": f"{CANARY} 👩‍👩‍👧‍👦🏴‍☠️:smile: \U0001f1f3\U0001f1f4",
    "markup": f"*{CANARY}* ~_`<!channel>`_~ <https://evil.example|sak> & &amp; <script>",
    "mentions": f"<@U0UTENFOR> <!here> <#C0000000001|generelt> @koordinator {CANARY}",
    "control characters": f"{CANARY}\x00\x1b[31m\u202e\u200b\r\n\t",
    "numbers": f"01010112345 {CANARY} 41 23 45 67",
    "a format": f"{{0}} {{user}} %s %(x)s {CANARY}",
}


@dataclass
class World:
    """Two cases: the police and child welfare sit in one room, social services are asked in the other."""

    rehearsal: Rehearsal
    room: str
    written: io.StringIO
    caplog: pytest.LogCaptureFixture

    @property
    def stage(self) -> Stage:
        """The stage."""
        return self.rehearsal.stage

    @property
    def box(self) -> Sandbox:
        """The sandbox."""
        return self.rehearsal.stage.box

    @contextlib.asynccontextmanager
    async def untouched(self) -> AsyncIterator[None]:
        """Nothing changes, neither in the database nor in what people see, but for answers to one alone."""
        before = await kit.dump(self.rehearsal.bot), self.standing()
        yield
        await self.stage.settle()
        assert (await kit.dump(self.rehearsal.bot), self.standing()) == before

    def standing(self) -> list[str]:
        """Every message that stands, in rooms and in direct messages."""
        channels = self.box.workspace.channels.values()
        return [f"{m.ts} {m.text} {m.blocks}" for c in channels for m in c.messages.values()]

    async def all(self, kind: type[Any]) -> list[Any]:
        """Everything of a kind."""
        return await self.rehearsal.bot.database.read(lambda uow: uow.find(kind))


@pytest.fixture
async def world(sqlite_database_url: str, caplog: pytest.LogCaptureFixture) -> AsyncIterator[World]:
    """Two cases, everything delivered; logged at the lowest level. Afterwards the logs are looked through."""
    caplog.set_level(logging.DEBUG)
    written = io.StringIO()
    with contextlib.redirect_stderr(written):
        set_up(json=True, level="DEBUG")
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage = rehearsal.stage
        room = await kit.open_case(stage, "Politiet", "Barneverntjenesten")
        await kit.confirm(stage, "politi-exit", "barnevern")
        await kit.open_case(stage, "Sosialtjenesten", when="fredag kl 10")
        world = World(rehearsal, room, written, caplog)
        yield world
        secrets = [CANARY, *(name.removeprefix("rom-") for name in kit.rooms(stage.box)), "Møterom Nord"]
    structlog.reset_defaults()
    lines = list(logged_by_the_bot(world))
    assert any("started" in line for line in lines)
    wrong = re.compile("|".join((*secrets, SLACK_ID)))
    assert [line[:60] for line in lines if wrong.search(line)] == []


def logged_by_the_bot(world: World) -> Iterator[str]:
    """Every line, whether of structlog or of the standard library."""
    yield from world.written.getvalue().splitlines()
    for record in (*world.caplog.get_records("setup"), *world.caplog.get_records("call")):
        if not record.name.startswith(OF_THE_SANDBOX):
            yield f"{record.name} {record.getMessage()} {record.exc_text or ''}"


# --- commands -------------------------------------------------------------------------------------------


async def test_a_command_that_nobody_understands(world: World) -> None:
    places = (("utenforstaende", "#generelt"), ("koordinator", "#generelt"), ("politi-exit", world.room))
    async with world.untouched():
        for (what, text), (handle, place) in itertools.product(TEXTS.items(), places):
            answer = await world.stage.person(handle).types(f"/tot {text}", in_=place)
            assert answer is not None, what
            assert answer.ephemeral, what
            assert "/tot hjelp" in answer.text, what
            assert CANARY not in answer.text, what


async def test_a_time_that_nobody_understands(world: World) -> None:
    koordinator = world.stage.person("koordinator")
    words = ("sak", "møte", "flytt", "inviter", "ut", "fase", "lukk", "avlys")
    async with world.untouched():
        for (what, text), word in itertools.product(TEXTS.items(), words):
            await koordinator.types(f"/tot {word} {text}", in_=world.room)
            modal = await koordinator.sees_modal()
            assert CANARY not in modal.text, (what, word)
            await koordinator.closes()


async def test_a_command_where_there_is_no_case_of_theirs(world: World) -> None:
    async with world.untouched():
        for handle, word in itertools.product(
            ("utenforstaende", "politi-exit", "botilbud"),
            ("sak", "inviter", "ut", "møte", "flytt", "avlys", "oppmøte", "fase", "lukk", "koordinator"),
        ):
            person = world.stage.person(handle)
            # Who is in the room may know that the chair can register who came.
            rooms = [] if word == "oppmøte" else kit.rooms(world.box)
            places = ["#generelt", *(name for name in rooms if name in person.channels())]
            answers = {str(await person.types(f"/tot {word}", in_=place)) for place in places}
            assert len(answers) == 1, "the same answer, whether there is a case or not"
            assert person.modal is None


async def test_a_time_in_the_hour_that_the_clock_leaves_out_or_has_twice(world: World) -> None:
    koordinator = world.stage.person("koordinator")
    async with world.untouched():
        for text in ("28.03.2027 kl 02:30", "31.10.2027 kl 02:30"):
            await koordinator.types(f"/tot møte {text}", in_=world.room)
            modal = await koordinator.sees_modal()
            assert "Tidspunktet ble ikke forstått" in modal.text or "klokk" in modal.text.lower()
            await koordinator.closes()
        await koordinator.types("/tot møte", in_=world.room)
        await koordinator.sees_modal()
        twice = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)  # 02:30, and 02:30 again an hour later
        await koordinator.fills({"Når begynner møtet?": twice, "Sted": "Møterom Nord"})
        errors = await world.stage.is_refused(koordinator)
        assert list(errors) == ["Når begynner møtet?"]
        await koordinator.closes()


# --- forms ----------------------------------------------------------------------------------------------

PAST = datetime(2026, 11, 30, 10, 0, tzinfo=ZONE)
FAR = datetime(2028, 11, 30, 10, 0, tzinfo=ZONE)
FIELDS: dict[str, tuple[str, Any]] = {
    "past": ("Når begynner møtet?", PAST),
    "far ahead": ("Når begynner møtet?", FAR),
    "nobody": ("Hvor mange personer", "0"),
    "too many": ("Hvor mange personer", "27"),
    "a half": ("Hvor mange personer", "1.5"),
    "not a number": ("Hvor mange personer", CANARY),
    "elsewhere": ("Lenke til videomøte", f"https://{CANARY}.example/"),
    "in disguise": ("Lenke til videomøte", f"https://meet.example.no@{CANARY}.example/"),
    "a script": ("Lenke til videomøte", f"javascript:{CANARY}"),
    "an identity": ("Dagsorden eller merknad", f"{CANARY} 010190 12345, 41 23 45 67"),
    "an address": ("Dagsorden eller merknad", f"{CANARY}@kommune.example"),
    "endless": ("Dagsorden eller merknad", CANARY + "x" * 3000),
}


async def test_a_field_that_cannot_stand(world: World) -> None:
    koordinator = world.stage.person("koordinator")
    async with world.untouched():
        for what, (label, value) in FIELDS.items():
            await koordinator.types("/tot sak i morgen kl 10")
            await koordinator.sees_modal("Opprett sak")
            usual = {"Etater som spørres nå": ["Politiet"], "Sted": "Møterom Nord"}
            await koordinator.fills({**usual, label: value})
            errors = await world.stage.is_refused(koordinator)
            assert [error for error in errors if label in error], what
            assert CANARY not in str(errors), what
            await koordinator.closes()


MALFORMED: dict[str, tuple[str, dict[str, Any]]] = {
    "agency": ("agencies", {"selected_options": [{"value": "no such agency"}]}),
    "place": ("place", {"selected_option": {"value": CANARY}}),
    "duration": ("minutes", {"selected_option": {"value": "999999999999"}}),
    "moment": ("starts_at", {"selected_date_time": 10**17}),
    "no moment": ("starts_at", {"selected_date_time": None}),
    "phase": ("phase", {"selected_option": {"value": "../../etc"}}),
    "type": ("persons", {"value": ["a", {"list": CANARY}]}),
    "nothing": ("asked_by", {}),
}


async def test_a_value_that_the_form_does_not_offer(world: World) -> None:
    koordinator = world.stage.person("koordinator")
    async with world.untouched():
        for block_id, state in MALFORMED.values():
            await koordinator.types("/tot sak i morgen kl 10")
            modal = await koordinator.sees_modal("Opprett sak")
            await koordinator.fills({"Etater som spørres nå": ["Politiet"], "Sted": "Møterom Nord"})
            ((action_id, before),) = modal.view.values[block_id].items()
            modal.view.values[block_id] = {action_id: {"type": before["type"], **state}}
            await world.box.interactions.submit(koordinator.id, modal.view)
            is_answered(world, koordinator, "Se over og send")


def is_answered(world: World, person: Person, *but_not: str) -> None:
    """There is a form with errors, or one that says why; close it."""
    modal = person.modal
    assert modal is not None
    assert modal.errors or modal.view.payload["callback_id"] == ViewId.NOTICE
    assert modal.title not in but_not
    text = render_view(world.box.workspace, modal.view)
    assert text.strip()
    assert "referanse" not in text.lower(), "nobody foresaw it"
    modals.clear(world.box.workspace, person.id)


# --- forged buttons and forms ---------------------------------------------------------------------------


NO_IDS = ("", "no-such-id", CANARY * 100, "change:", "' OR 1=1 --", "\x00")


async def ids_of_others(world: World, person: Person) -> list[str]:
    """An id of each kind from both cases, but for the person's own, and what is none."""
    known = await world.rehearsal.bot.database.read(lambda uow: uow.person_by_slack(person.id))
    found: list[str] = []
    for kind in (Case, Seat, Ask, Part, Meeting):
        of_others = [t for t in await world.all(kind) if getattr(t, "person_id", "") != (known and known.id)]
        found += {thing.case_id if kind is not Case else thing.id: thing.id for thing in of_others}.values()
    assert len(found) == 2 * 5
    return [*found, f"release:{found[6]}", *NO_IDS]


async def test_buttons_of_cases_in_which_one_has_no_part(world: World) -> None:
    """Each presses every one, and all of them at the same time."""
    handles = ("utenforstaende", "botilbud", "politi-vakt")
    for handle in handles:
        await world.stage.person(handle).writes("hei")
        await world.stage.settle()
    whispers = world.box.workspace.ephemerals
    before = len(whispers)
    async with world.untouched():
        presses = await asyncio.gather(*(presses_everything(world, handle) for handle in handles))
    ids = [world.stage.person(handle).id for handle in handles]
    assert Counter(w.user for w in whispers[before:]) == dict(zip(ids, presses, strict=True))


async def presses_everything(world: World, handle: str) -> int:
    """Every button that there is, with everything that it could be about; how many presses that were."""
    presses = 0
    person = world.stage.person(handle)
    message = kit.direct(world.box, handle)[-1].source
    known = [a for a in ActionId if a not in (ActionId.HELP, ActionId.LANGUAGE)]
    for action_id, value in itertools.product([*known, "unheard_of"], await ids_of_others(world, person)):
        if action_id == "unheard_of" and not value:
            continue  # the button of a link, which needs no answer
        answer = await pressed(world, person, message, action_id, value)
        presses += 1
        assert "referanse" not in answer.lower(), (handle, action_id, value)
        assert person.modal is None, (handle, action_id, value)
    return presses


async def pressed(world: World, person: Person, message: Any, action_id: str, value: str) -> str:
    """Press a button, which need not be there; what the bot answers to the person alone."""
    whispers = world.box.workspace.ephemerals
    before = len(whispers)
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
    await world.box.interactions.act_in_message(person.id, message, action)

    def told() -> list[str]:
        return [w.text for w in whispers[before:] if w.user == person.id]

    answers = await world.box.workspace.pulse.until(told, 5.0)
    assert answers, (person.handle, action_id, value)
    return answers[-1]


async def test_forms_with_forged_metadata(world: World) -> None:
    """Each submits every one, and all of them at the same time."""
    async with world.untouched():
        await asyncio.gather(
            *(submits_everything(world, handle) for handle in ("utenforstaende", "botilbud", "politi-exit"))
        )


async def submits_everything(world: World, handle: str) -> None:
    """Every form that there is, about everything that it could be about."""
    person = world.stage.person(handle)
    forms = [v for v in ViewId if v not in (ViewId.LANGUAGE, ViewId.NOTICE)]
    for view_id, metadata in itertools.product([*forms, "unheard_of"], await ids_of_others(world, person)):
        view = forged(world.box, person, view_id, metadata)
        await world.box.interactions.submit(person.id, view)
        is_answered(world, person)


async def is_of(world: World, thing: Seat | Ask, person: Person) -> bool:
    """Whether a seat or a question is this person's."""
    known = await world.rehearsal.bot.database.read(lambda uow: uow.person_by_slack(person.id))
    return known is not None and known.id == thing.person_id


def forged(box: Sandbox, person: Person, view_id: str, metadata: str) -> Any:
    """A form as the bot would never have opened it, with every field that it has anywhere."""
    view = modals.show(
        box.workspace,
        person.id,
        {
            "type": "modal",
            "callback_id": view_id,
            "private_metadata": metadata,
            "title": {"type": "plain_text", "text": "Falsk"},
            "submit": {"type": "plain_text", "text": "Send"},
            "blocks": [],
        },
    )
    chosen = {"selected_option": {"value": metadata or "x"}}
    view.values = {
        name: {"f": chosen}
        for name in ("team", "involvement", "meeting", "colleague", "agency", "asked_by", "place", "deputy")
    }
    view.values |= {
        "phase": {"f": {"selected_option": {"value": "working"}}},
        "answer": {"f": {"selected_option": {"value": "confirmed"}}},
        "via": {"f": {"selected_option": {"value": "phone"}}},
        "reason": {"f": {"selected_option": {"value": "court"}}},
        "ground": {"f": {"selected_option": {"value": "legal"}}},
        "minutes": {"f": {"selected_option": {"value": "60"}}},
        "starts_at": {"f": {"selected_date_time": int(kit.STARTS.timestamp()) + 90_000}},
        "persons": {"f": {"value": "1", "selected_options": [{"value": "A"}]}},
        "agencies": {"f": {"selected_options": [{"value": metadata}]}},
        "appoint": {"f": {"selected_user": person.id}},
    }
    return view


# --- what has been overtaken ----------------------------------------------------------------------------


async def test_a_review_that_no_longer_says_who_is_told(world: World) -> None:
    stage, koordinator = world.stage, world.stage.person("koordinator")
    await kit.fill_in_case(stage, ["Bistandsadvokaten"], when="i morgen kl 10")
    modal = await koordinator.sees_modal("Se over og send")
    assert "du må ringe" not in modal.text
    modal.view.hash = "1.stale"
    await stage.person("bistandsadvokat").is_deactivated()
    await stage.settle()
    rooms = kit.rooms(world.box)
    async with world.untouched():
        await stage.sends(koordinator)
        again = await koordinator.sees_modal("Se over og send")
        assert "du må ringe" in again.text
    assert kit.rooms(world.box) == rooms
    await stage.sends(koordinator)
    await stage.settle()
    assert len(kit.rooms(world.box)) == len(rooms) + 1


async def test_buttons_of_a_case_that_is_closed_meanwhile(world: World) -> None:
    stage, exit_ = world.stage, world.stage.person("politi-exit")
    old = [seen.source for seen in kit.direct(world.box, "politi-exit")]
    await exit_.presses("Meld forfall", in_="tot-bot")
    form = await exit_.sees_modal("Meld forfall")
    asked = [a.id for a in await world.all(Ask) if await is_of(world, a, exit_)]
    await kit.submit_form(stage, "koordinator", "/tot lukk", world.room)
    async with world.untouched():
        for action_id in (ActionId.CONFIRM, ActionId.DECLINE):
            assert "avsluttet" in await pressed(world, exit_, old[0], action_id, asked[0])
        await exit_.fills({"Grunn til forfallet": "sykdom"})
        await world.box.interactions.submit(exit_.id, form.view)
        is_answered(world, exit_, "Meld forfall")


# --- events ---------------------------------------------------------------------------------------------


async def test_events_that_are_not_as_they_should_be(world: World) -> None:
    channel = world.box.workspace.channel_named(world.room)
    assert channel is not None
    general = world.box.workspace.channel_named("generelt")
    assert general is not None
    wrong: list[dict[str, Any]] = [
        {"type": "message", "channel": channel.id},
        {"type": "message", "channel": channel.id, "channel_type": "group", "user": {"id": CANARY}},
        {"type": "message", "channel": "D7", "channel_type": "im", "user": "U0UDI", "text": [CANARY]},
        {"type": "message", "channel": channel.id, "channel_type": "group", "subtype": "message_changed"},
        {"type": "member_joined_channel", "user": None, "channel": channel.id},
        {"type": "member_left_channel", "channel": channel.id},
        {"type": "member_joined_channel", "user": "U0UTENFOR", "channel": general.id, "event_ts": CANARY},
        {"type": "user_change", "user": CANARY},
        {"type": "user_change", "user": {"id": "U0NOBODY", "deleted": True, "name": CANARY}},
        {"type": "app_home_opened", "user": [], "tab": "home"},
    ]
    async with world.untouched():
        for event in wrong:
            world.box._events.send(event)
    assert all(d.acked for d in world.box.workspace.deliveries)
