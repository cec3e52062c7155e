"""Bad input at each door, through the local workspace: a clear answer, no change, nothing in the log.

A rehearsal is the bot of `tot run` on SQLite with the example partners.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import sqlite3
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.cli.demo import Rehearsal, rehearse
from handlers import convening
from handlers.answers import messages as answers_messages
from handlers.blocks import modal
from handlers.case import modals as case_modals
from handlers.involvement import modals as involvement_modals
from handlers.meeting import modals as meeting_modals
from handlers.subjects import joined
from sandbox.cast import TEAM_ID
from sandbox.exercises.steps import puts_away
from sandbox.model import Ephemeral, Json, Message, View
from sandbox.people.person import Person
from sandbox.people.visibility import Seen
from sandbox.serializers import view_json
from tests.e2e import kit

STARTS = datetime(2027, 3, 2, 10, tzinfo=ZoneInfo("Europe/Oslo"))
FORM = {"Tjenester som spørres nå": ["Politiet", "Sosialtjenesten"], "Sted": "Møterom Nord"}
SECRET = "13097248022"
NO_ACCESS = "Dette har du ikke tilgang til"
UNREADABLE = "Dette kunne jeg ikke lese"


class EntryPoints:
    """A rehearsal with one case open, and hands that reach past what people can do."""

    def __init__(self, rehearsal: Rehearsal, database: Path) -> None:
        self.runner = rehearsal.runner
        self.bot = rehearsal.bot
        self.database = database
        self.sandbox = rehearsal.runner.sandbox
        self.coordinator = self.person("koordinator")
        self.room = ""
        # `data_version` only tells a connection that stays open of what others have written.
        self._looking = sqlite3.connect(database)
        weakref.finalize(self, self._looking.close)
        self._names = [
            name
            for (name,) in self._looking.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in ("receipts", "outbox", "posted", "audit")
        ]
        self._seen: tuple[int, dict[str, list[str]]] = (-1, {})

    def person(self, handle: str) -> Person:
        return self.runner.person(handle)

    async def open_case(self) -> None:
        await self.coordinator.types("/tot sak i morgen kl 10")
        await self.coordinator.fills(FORM)
        assert await self.coordinator.submits() == {}
        assert await self.coordinator.submits() == {}
        await self.runner.until_idle()
        await puts_away(self.coordinator)
        self.room = next(c for c in self.coordinator.channels() if c.startswith("rom-"))

    def state(self) -> dict[str, list[str]]:
        """The database's content, but for bookkeeping."""
        (version,) = self._looking.execute("PRAGMA data_version").fetchone()
        if version != self._seen[0]:
            tables = {n: self._looking.execute(f"SELECT * FROM {n}") for n in self._names}  # noqa: S608
            self._seen = (version, {n: sorted(map(repr, rows)) for n, rows in tables.items()})
        return self._seen[1]

    async def submits(self, person: Person, view: View, **changes: Any) -> Json:
        """A person's client submits a view that the bot did not give them."""
        forged = copy.deepcopy(view)
        forged.values = changes.pop("values", forged.values)
        forged.payload |= changes
        interactions = self.sandbox.interactions
        payload = interactions._interaction("view_submission", person.id) | {
            "trigger_id": interactions._tokens.trigger(person.id),
            "view": view_json(forged, with_state=True),
        }
        delivery = await interactions._request("interactive", payload, answerable=True)
        return delivery.answer or {}

    async def presses(self, person: Person, action_id: str, value: str, **action: Any) -> str:
        """A person's client presses a button that the bot did not give them; what they are then told."""
        direct = self.sandbox.workspace.direct(self.sandbox.workspace.bot.id, person.id)
        message = Message(self.sandbox.workspace.new_ts(), direct.id, self.sandbox.workspace.bot.id, "")
        before = len(self.told(person))
        await self.sandbox.interactions.act_in_message(
            person.id,
            message,
            {"type": "button", "action_id": action_id, "block_id": "b", "value": value} | action,
        )
        await self.runner.until_idle()
        if person.modal is not None:
            text = person.modal.text
            await person.closes(whole_stack=True)
            return text
        return "\n".join(self.told(person)[before:])

    def told(self, person: Person) -> list[str]:
        """The bot's whispers to a person in their direct message."""
        if "tot-bot" not in person.channels():
            return []
        return [s.text for s in person.messages("tot-bot") if isinstance(s.source, Ephemeral)]


@pytest.fixture
async def entry_points(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[EntryPoints]:
    """A case, opened by the coordinator on a Tuesday morning."""
    database = tmp_path / "tot.db"
    async with rehearse(sqlite_database_url, starts=STARTS, sandbox=kit.quick()) as rehearsal:
        entry_points = EntryPoints(rehearsal, database)
        await entry_points.open_case()
        yield entry_points


def said(answer: Json) -> str:
    view = answer.get("view") or {"blocks": []}
    return "\n".join(b["text"]["text"] for b in view["blocks"] if b["type"] == "section")


def text_of(seen: Seen | None) -> str:
    return seen.text if seen is not None else ""


async def test_forms(entry_points: EntryPoints) -> None:
    """Forged metadata, other people's drafts, unknown forms, values that are none."""
    coordinator, other = entry_points.coordinator, entry_points.person("vara-koordinator")
    stranger = entry_points.person("utenforstaende")
    await coordinator.types("/tot møte overmorgen kl 10", entry_points.room)
    await coordinator.fills({"Sted": "Møterom Nord"})
    await coordinator.submits()
    review = (await coordinator.sees_modal("Se over")).view
    draft = review.payload["private_metadata"]
    before = entry_points.state()
    forgeries: list[tuple[Person, str]] = [
        (stranger, draft),
        (other, draft),
        (coordinator, "nonsense"),
        (coordinator, "x.y"),
        (coordinator, ""),
        (coordinator, "x" * 3000),
    ]
    for person, metadata in forgeries:
        answer = await entry_points.submits(person, review, private_metadata=metadata)
        assert said(answer).startswith(NO_ACCESS)
    for view_id in (
        case_modals.OPEN_CASE_REVIEW,
        involvement_modals.INVITE_REVIEW,
        meeting_modals.MOVE_REVIEW,
    ):
        answer = await entry_points.submits(coordinator, review, callback_id=view_id)
        assert said(answer).startswith(NO_ACCESS)
    # What anybody is given by the shortcut says nothing, and leads to a form that anybody may fill in.
    forms = [form.id for form in joined().forms if form.id != convening.NOT_COORDINATOR]
    for callback_id in (*forms, modal.NOTICE, "of_nothing"):
        for person in (stranger, coordinator):
            answer = await entry_points.submits(
                person, review, callback_id=callback_id, private_metadata="forged", values={}
            )
            assert said(answer).startswith((NO_ACCESS, UNREADABLE, "Dette er det koordinatoren som gjør."))
    assert entry_points.state() == before


async def test_values(entry_points: EntryPoints) -> None:
    coordinator = entry_points.coordinator
    await coordinator.types("/tot møte overmorgen kl 10", entry_points.room)
    form = (await coordinator.sees_modal()).view
    before = entry_points.state()

    def chosen(value: str) -> Json:
        return {"type": "static_select", "selected_option": {"text": {"text": "x"}, "value": value}}

    for name, value in (
        ("minutes", chosen("-5")),
        ("starts_at", {"type": "datetimepicker", "selected_date_time": 10**17}),
        ("starts_at", {"type": "datetimepicker"}),
    ):
        answer = await entry_points.submits(coordinator, form, values=form.values | {name: {"value": value}})
        assert said(answer).startswith(UNREADABLE)
    answer = await entry_points.submits(
        coordinator, form, values=form.values | {"place": {"value": chosen("Hos oss")}}
    )
    assert answer["errors"] == {"place": "Stedet er ikke på teamets liste. Velg et annet."}
    answer = await entry_points.submits(entry_points.person("utenforstaende"), form)
    assert said(answer).startswith(NO_ACCESS)
    assert entry_points.state() == before


async def test_the_same_press_many_times_at_once(entry_points: EntryPoints) -> None:
    """One effect, and nobody is told off."""
    person = entry_points.person("sosialtjenesten")
    await person.sees("Jeg bekrefter taushetsplikten")
    source = next(s.source for s in person.messages("tot-bot") if "Jeg bekrefter" in s.text)
    assert isinstance(source, Message)
    value = next(e["value"] for b in source.blocks if b["type"] == "actions" for e in b["elements"])
    interactions = entry_points.sandbox.interactions
    payload = interactions._interaction("block_actions", person.id) | {
        "container": {"type": "message", "message_ts": source.ts, "channel_id": source.channel},
        "channel": {"id": source.channel, "name": "directmessage"},
        "trigger_id": interactions._tokens.trigger(person.id),
        "actions": [
            {
                "type": "button",
                "action_id": "acknowledge",
                "block_id": "b",
                "value": value,
                "action_ts": "1.2",
            }
        ],
    }
    await asyncio.gather(
        *(interactions._request("interactive", dict(payload), answerable=False) for _ in range(6))
    )
    await entry_points.runner.until_idle()
    assert entry_points.told(person) == []
    assert len([t for t in person.reads("tot-bot") if "Kommer du på møtet" in t]) == 1


async def test_an_event_many_times_at_once(entry_points: EntryPoints) -> None:
    """The writer in a room is asked once to delete, and what was written is not repeated."""
    person = entry_points.coordinator
    channel = entry_points.sandbox.workspace.channel_named(entry_points.room)
    assert channel is not None
    text = f"{SECRET}, <@U0UTENFOR> &lt; <mailto:a@b.no|a@b.no>"
    event = {
        "type": "message",
        "channel": channel.id,
        "channel_type": "group",
        "user": person.id,
        "text": text,
    }
    envelope = {"type": "event_callback", "event_id": "Ev1", "team_id": TEAM_ID, "event": event}
    for _ in range(4):
        entry_points.sandbox.sockets.send_event(envelope | {"authorizations": []})
    await entry_points.runner.until_idle()
    whispers = [s.text for s in person.messages(entry_points.room) if isinstance(s.source, Ephemeral)]
    assert len(whispers) == 1
    assert "et fødselsnummer og en e-postadresse" in whispers[0]
    assert SECRET not in whispers[0]


async def test_other_people_than_those_shown(entry_points: EntryPoints) -> None:
    """If another human would be told than the one seen, the review comes back instead."""
    coordinator = entry_points.coordinator
    await coordinator.types("/tot inviter barneverntj", entry_points.room)
    assert await coordinator.submits() == {}
    shown = (await coordinator.sees_modal("Se over")).text
    assert "• Barneverntjenesten: @barnevern (Kontaktperson)" in shown
    await entry_points.person("barnevern").is_deactivated()
    await entry_points.runner.until_idle()
    assert await coordinator.submits() == {}
    again = (await coordinator.sees_modal("Se over")).text
    # On top, and at the foot, where «Send» was pressed: why, and who is new.
    assert again.count("Det er ikke lenger de samme som får beskjed.") == 2
    (new, *rest) = [line for line in again.split("\n") if line.startswith("• ") and line not in shown]
    assert "Barneverntjenesten" in new
    assert rest == [new, new]
    assert await coordinator.submits() == {}
    assert coordinator.modal is None


async def test_a_slow_commit_is_announced(sqlite_database_url: str, tmp_path: Path) -> None:
    """The person hears that it is being worked on, and then how it went."""
    async with rehearse(sqlite_database_url, starts=STARTS, sandbox=kit.quick(), slack_waits=0.75) as playing:
        person = playing.runner.person("utenforstaende")
        with closing(sqlite3.connect(tmp_path / "tot.db", isolation_level=None)) as lock:
            lock.execute("BEGIN IMMEDIATE")
            answer = text_of(await person.types("/tot språk english"))
            assert answer.startswith("Jeg jobber fortsatt med dette.")
        await person.sees("From now on I write to you in English.")


async def test_the_unforeseen(
    entry_points: EntryPoints,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: Any,
) -> None:
    """The person is answered with a reference, and the log holds that and no more."""
    caplog.set_level(logging.DEBUG)
    await entry_points.coordinator.types("/tot lukk", entry_points.room)

    async def fails(*_: Any) -> Any:
        raise RuntimeError(f"{SECRET} in a message")

    broken: Callable[..., Any] = fails
    monkeypatch.setattr(entry_points.bot.database, "once", broken)
    monkeypatch.setattr(entry_points.bot.database, "read", broken)
    assert await entry_points.coordinator.submits() == {}
    in_form = (await entry_points.coordinator.sees_modal()).text
    in_channel = text_of(await entry_points.coordinator.types("/tot hjelp"))
    by_button = await entry_points.presses(
        entry_points.person("vara-koordinator"), answers_messages.CONFIRM, "x"
    )
    monkeypatch.undo()
    logged = capsys.readouterr()
    for text in (in_form, in_channel, by_button):
        assert "Noe gikk galt hos meg." in text
        reference = text.split("referansen: *")[1][:6]
        assert reference in logged.out + logged.err + caplog.text
    everything = logged.out + logged.err + caplog.text
    assert SECRET not in everything
    assert entry_points.coordinator.id not in everything


async def test_attendance_is_registered_by_the_first(entry_points: EntryPoints) -> None:
    """The second is told who was first."""
    first, second = entry_points.coordinator, entry_points.person("vara-koordinator")
    await second.presses("Jeg bekrefter taushetsplikten", "tot-bot")
    await entry_points.runner.until(entry_points.runner.day(1, "10:30") + timedelta(hours=1))
    for coordinator in (first, second):
        await coordinator.types("/tot oppmøte", entry_points.room)
        modal = await coordinator.sees_modal()
        agencies = [label for label in modal.labels() if label in FORM["Tjenester som spørres nå"]]
        assert len(agencies) == 2
        await coordinator.fills(dict.fromkeys(agencies, "Uteble uten å si fra"))
    assert await first.submits() == {}
    assert await second.submits() == {}
    assert "@koordinator var først" in (await second.sees_modal()).text
