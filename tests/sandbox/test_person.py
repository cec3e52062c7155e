"""The driver: what people can and cannot do."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox import CouldNot, Person, Sandbox, Seen, Settings
from tests.sandbox.kit import TEXT, actions, button, field, modal, option, section
from tests.sandbox.little_bot import Body, LittleBot
from tests.sandbox.slack import Api, could_not, room


async def test_what_cannot_be_typed_written_or_changed(
    sandbox: Sandbox, bot: LittleBot, api: Api, udi: Person
) -> None:
    rom, helse = await room(sandbox, api, "udi", "helse"), sandbox.person("helse")
    await could_not(udi.types("/annet"), "/annet is not a valid command")
    await could_not(udi.types("/tot", in_="rom-x"), "sees no 'rom-x', only: generelt")
    await udi.writes("mitt", to="rom-k7f3")
    await could_not(helse.edits("mitt", "ditt", in_="rom-k7f3"), "the message is @udi's")
    await could_not(udi.edits("annet", "x", in_="rom-k7f3"), "sees no message")
    await api.conversations_archive(channel=rom)
    await could_not(udi.writes("x", to="rom-k7f3"), "is archived")
    await udi.is_deactivated()
    await could_not(udi.types("/tot"), "@udi is deactivated")
    with pytest.raises(KeyError, match="nobody is called"):
        sandbox.person("ingen")


async def test_seeing_waits_and_not_seeing_does_not(api: Api, udi: Person) -> None:
    waiting = asyncio.create_task(udi.sees("kommer", in_="tot-bot"))
    await asyncio.sleep(0)
    await api.chat_postMessage(channel="U0UDI", text="den kommer nå")
    seen = await waiting
    assert isinstance(seen, Seen)
    assert (str(seen), seen.sender, seen.place) == ("den kommer nå", "tot-bot", "tot-bot")
    await udi.sees_no("hemmelig")
    await could_not(udi.sees_no("kommer"), "does see «kommer»")
    with pytest.raises(CouldNot, match="does not see «hemmelig» anywhere; the newest is:\nden kommer nå"):
        await udi.sees("hemmelig", within=0.01)


async def test_pressing_the_newest_or_the_one_near_some_words(
    bot: LittleBot, api: Api, udi: Person, settings: Settings
) -> None:
    bot.acknowledges("a", "b", "ja")
    for day, action in (("Mandag", "a"), ("Tirsdag", "b")):
        blocks: list[Body] = [section(day), actions(button("Bekreft", action))]
        await api.chat_postMessage(channel="U0UDI", text=day, blocks=blocks)
    await udi.presses("bekreft", in_="tot-bot")
    await udi.presses("Bekreft", in_="tot-bot", near="mandag")
    assert [action["action_id"] for action in bot.clicked()] == ["b", "a"]
    await could_not(udi.presses("Avslå", within=0), "there is no «Avslå»; there is «Bekreft»")
    await could_not(udi.presses("Bekreft", near="onsdag", within=0), "near «onsdag»")
    blocks = []
    for day in ("mandag", "tirsdag"):
        blocks += [section(f"Møte {day}"), actions(button("Ja", "ja", value=day), button("Nei helst", "nei"))]
    blocks += [section("Møte onsdag", accessory=button("Ja", "ja", value="onsdag"))]
    await api.chat_postMessage(channel="U0UDI", text="x", blocks=blocks)
    await could_not(udi.presses("Ja", within=0), "ambiguous in the message «Møte mandag")
    for day in ("tirsdag", "onsdag", "mandag"):
        await udi.presses("Ja", near=day)
    assert [action["value"] for action in bot.clicked()[2:]] == ["tirsdag", "onsdag", "mandag"]
    settings.ack_seconds = 0.1
    await could_not(udi.presses("Nei helst", near="mandag"), "warning sign: operation_timeout")


async def test_slack_checks_some_fields_itself(bot: LittleBot, udi: Person) -> None:
    number = {"type": "number_input", "is_decimal_allowed": True}
    fields: dict[str, tuple[Body, Any, str]] = {
        "Mangler": (TEXT, None, "Please complete this required field."),
        "Lang": (TEXT | {"max_length": 3}, "abcd", "Must be at most 3 characters."),
        "Post": ({"type": "email_text_input"}, "ola", "Enter a valid email address."),
        "Heltall": (number | {"is_decimal_allowed": False}, "1.5", "Enter a valid number."),
        "Lite": (number | {"min_value": "2"}, "1.5", "Must be at least 2."),
        "Stort": (number | {"max_value": "1"}, "1.5", "Must be at most 1."),
        "Ingen": (
            {"type": "multi_static_select", "options": [option("A")]},
            [],
            "Please complete this required field.",
        ),
    }
    bot.opens(modal(*[field(label, element) for label, (element, _, _) in fields.items()]))
    await udi.types("/tot")
    await udi.fills({label: value for label, (_, value, _) in fields.items()})
    assert await udi.submits() == {label: wrong for label, (_, _, wrong) in fields.items()}
    assert bot.interactions("view_submission") == []


async def test_fields_that_cannot_be_filled(bot: LittleBot, udi: Person) -> None:
    await could_not(udi.fills({"Felt": "x"}, within=0), "has no modal")
    blocks = [field("Møte dag", TEXT), field("Møte sted", TEXT)]
    blocks += [field("Tid", {"type": "datetimepicker"}), field("Hvem", {"type": "users_select"})]
    bot.opens(modal(*blocks))
    await udi.types("/tot")
    await udi.fills({"sted": "ok"})
    for label, value, why in [
        ("Møte", "x", "ambiguous; there is «Møte dag», «Møte sted»"),
        ("Nei", "x", "is not there"),
        ("Hvem", "ingen", "nobody is called 'ingen'"),
    ]:
        await could_not(udi.fills({label: value}, within=0.0), why)
    when = datetime(2026, 12, 1, 9, tzinfo=UTC)
    await udi.fills({"Tid": when})
    filled = (await udi.sees_modal()).view.values["tid"]["tid"]
    assert filled == {"type": "datetimepicker", "selected_date_time": int(when.timestamp())}
