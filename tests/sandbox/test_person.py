"""The driver: what people can do, and what they could not."""

from __future__ import annotations

import asyncio

import pytest

from sandbox import CouldNot, Person, Sandbox, Seen
from tests.sandbox.kit import CONFIRM, actions, button, option, plain, section
from tests.sandbox.little_bot import Body, LittleBot, acknowledge
from tests.sandbox.slack import Api, could_not, manifest, room


async def test_the_command_as_it_arrives(sandbox: Sandbox, bot: LittleBot, api: Api, udi: Person) -> None:
    bot.app.command("/tot")(acknowledge)
    await room(sandbox, api, "udi")
    assert await udi.types("/tot  sak i morgen kl 10 ") is None
    await udi.types("/tot", in_="tot-bot")
    await udi.types("/tot", in_="rom-k7f3")
    first, second, third = bot.commands()
    assert (first["command"], first["text"]) == ("/tot", "sak i morgen kl 10")
    assert first["channel_name"] == "generelt"
    assert (first["user_id"], first["user_name"], first["team_id"]) == ("U0UDI", "udi", "T0SANDBOX")
    assert first["is_enterprise_install"] == "false"
    assert first["response_url"].startswith("http://127.0.0.1:")
    assert (second["channel_name"], second["channel_id"][0]) == ("directmessage", "D")
    assert third["channel_name"] == "privategroup"


async def test_commands_that_cannot_be_typed(sandbox: Sandbox, bot: LittleBot, udi: Person) -> None:
    await could_not(udi.types("/annet"), "/annet is not a valid command")
    await could_not(udi.types("/tot", in_="rom-x"), "sees no 'rom-x', only: generelt")
    await udi.is_deactivated()
    await could_not(udi.types("/tot"), "@udi is deactivated")
    with pytest.raises(KeyError, match="nobody is called"):
        sandbox.person("ingen")


async def test_where_people_can_write(sandbox: Sandbox, api: Api, rom: str) -> None:
    await api.conversations_archive(channel=rom)
    await could_not(sandbox.person("udi").writes("x", to="rom-k7f3"), "is archived")
    async with Sandbox(manifest(read_only=True)) as closed:
        await could_not(closed.person("udi").writes("x"), "turned off")


async def test_people_change_only_their_own_messages(sandbox: Sandbox, api: Api) -> None:
    await room(sandbox, api, "udi", "helse")
    await sandbox.person("udi").writes("mitt", to="rom-k7f3")
    await could_not(sandbox.person("helse").edits("mitt", "ditt", in_="rom-k7f3"), "the message is @udi's")
    await could_not(sandbox.person("helse").deletes("annet", in_="rom-k7f3"), "sees no message")


async def test_seeing_waits_and_not_seeing_does_not(api: Api, udi: Person) -> None:
    waiting = asyncio.create_task(udi.sees("kommer", in_="tot-bot"))
    await asyncio.sleep(0)
    await api.chat_postMessage(channel="U0UDI", text="den kommer nå")
    seen = await waiting
    assert isinstance(seen, Seen)
    assert (seen.text, seen.sender, seen.place, "nå" in seen) == ("den kommer nå", "tot-bot", "tot-bot", True)
    await udi.sees_no("hemmelig")
    await could_not(udi.sees_no("kommer"), "does see «kommer»")
    with pytest.raises(CouldNot, match="does not see «hemmelig» anywhere; the newest is:\nden kommer nå"):
        await udi.sees("hemmelig", within=0.01)
    assert str(seen) == "den kommer nå"


async def test_pressing_the_newest(bot: LittleBot, api: Api, udi: Person) -> None:
    bot.acknowledges("a", "b")
    for day, action in (("Mandag", "a"), ("Tirsdag", "b")):
        blocks = [section(day), actions(button("Bekreft", action))]
        await api.chat_postMessage(channel="U0UDI", text=day, blocks=blocks)
    await udi.presses("bekreft", in_="tot-bot")
    await udi.presses("Bekreft", in_="tot-bot", near="mandag")
    assert [action["action_id"] for action in bot.clicked()] == ["b", "a"]
    await could_not(udi.presses("Avslå", within=0), "there is no «Avslå»; there is «Bekreft»")
    await could_not(udi.presses("Bekreft", near="onsdag", within=0), "near «onsdag»")


async def test_several_alike_in_one_message(bot: LittleBot, api: Api, udi: Person) -> None:
    bot.acknowledges("ja")
    blocks: list[Body] = []
    for day in ("mandag", "tirsdag"):
        blocks += [section(f"Møte {day}"), actions(button("Ja", "ja", value=day), button("Nei helst", "nei"))]
    blocks += [section("Møte onsdag", accessory=button("Ja", "ja", value="onsdag"))]
    await api.chat_postMessage(channel="U0UDI", text="x", blocks=blocks)
    await could_not(udi.presses("Ja", within=0), "ambiguous in the message «Møte mandag")
    for day in ("tirsdag", "onsdag", "mandag"):
        await udi.presses("Ja", near=day)
    assert [action["value"] for action in bot.clicked()] == ["tirsdag", "onsdag", "mandag"]


async def test_confirm_dialogs_must_be_answered(bot: LittleBot, api: Api, udi: Person) -> None:
    bot.acknowledges("lukk", "vis")
    blocks = [actions(button("Lukk", **CONFIRM), button("Vis"))]
    await api.chat_postMessage(channel="U0UDI", text="x", blocks=blocks)
    await could_not(udi.presses("Lukk"), "asks first: Sikker\\?: Alle ser det")
    await could_not(udi.presses("Vis", confirm=True), "shows no confirm dialog")
    await udi.presses("Lukk", confirm=False)
    assert bot.clicked() == []
    await udi.presses("Lukk", confirm=True)
    assert [action["action_id"] for action in bot.clicked()] == ["lukk"]


async def test_overflow_and_selects_in_messages(bot: LittleBot, api: Api, udi: Person) -> None:
    bot.acknowledges("more", "status", "who")
    overflow = {"type": "overflow", "action_id": "more", "options": [option("Flytt"), option("Avlys")]}
    select = {
        "type": "static_select",
        "action_id": "status",
        "placeholder": plain("Velg"),
        "options": [option("Til stede"), option("Fravær")],
    }
    blocks = [
        section("Møte", accessory=overflow),
        section("Status for barnevern", accessory=select, block_id="bv"),
        actions({"type": "users_select", "action_id": "who", "placeholder": plain("Hvem")}, block_id="w"),
    ]
    await api.chat_postMessage(channel="U0UDI", text="x", blocks=blocks)
    assert "[ Velg ▾ ]" in udi.reads("tot-bot")[0]
    await udi.presses("Avlys")
    await udi.chooses("Status for barnevern", "Til stede", in_="tot-bot")
    await udi.chooses("Hvem", "helse")
    avlys, status, who = bot.clicked()
    assert avlys["selected_option"]["value"] == "avlys"
    assert status["selected_option"]["text"]["text"] == "Til stede"
    assert who["selected_user"] == "U0HELSE"
    state = bot.interactions("block_actions")[-1]["state"]["values"]
    assert state["bv"]["status"]["selected_option"]["value"] == "til stede"
    assert state["w"]["who"] == {"type": "users_select", "selected_user": "U0HELSE"}
    assert "[ Til stede ▾ ]" in udi.reads("tot-bot")[0]
    await could_not(udi.chooses("Status", "Syk"), "«Syk» cannot be chosen; there is «Til stede», «Fravær»")
