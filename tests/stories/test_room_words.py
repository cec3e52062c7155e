"""The words in a room, of people and apps, are looked at for what may point somebody out."""

from __future__ import annotations

from sandbox import channels
from sandbox.model import User
from tests.stories import story
from tests.stories.town import Town

NUMBER = "151086 95088"
BOTH = ("Politiet", "Barneverntjenesten")


@story(*BOTH, confirmed=("politi-exit",))
async def test_whoever_writes_what_points_somebody_out_is_told_so_alone(town: Town) -> None:
    police = town.politi_exit.person
    await police.writes("Vi møtes i gangen.", town.room)
    await town.rest()
    assert town.politi_exit.whispers == []
    for text, found in (
        (f"Husk {NUMBER}", ("fødselsnummer",)),
        ("Ring 412 34 567 eller ola@nordmann.no", ("telefonnummer", "e-postadresse")),
    ):
        await police.writes(text, town.room)
        await town.rest()
        said = town.politi_exit.whispers[-1]
        assert all(kind in said for kind in found), said
        assert "aldri navn, så se over selv også" in said
        assert not any(number in said for number in (NUMBER, "412", "nordmann"))
    await police.writes(f"Gjelder {NUMBER}", "#generelt")
    await town.rest()
    await police.forwards("Gjelder", "#generelt", town.room)
    await town.rest()
    assert "Meldingen din ser ut til å ha et fødselsnummer" in town.politi_exit.whispers[-1]
    await police.sets_topic(f"Gjelder {NUMBER}", town.room)
    await town.rest()
    assert "Romnavnet eller emnet" in town.politi_exit.whispers[-1]
    assert "fødselsnummer" in town.politi_exit.whispers[-1]
    assert len(town.politi_exit.whispers) == 4
    assert town.koordinator.whispers == []


@story(*BOTH, confirmed=("politi-exit",))
async def test_what_an_app_writes_is_told_to_the_room_once_and_one_that_is_let_in_is_thrown_out(
    town: Town,
) -> None:
    workspace, room = town.runner.sandbox.workspace, town.channel(town.room)
    channels.post_as_app(workspace, room, "Ny vaktliste er lagt ut.")
    await town.rest()
    assert "En app" not in town.politi_exit.reads(town.room)
    section = {"type": "section", "text": {"type": "plain_text", "text": f"Ny klient: {NUMBER}"}}
    channels.post_as_app(workspace, room, "Ny sak", blocks=[section])
    channels.post_as_app(workspace, room, f"{NUMBER} venter")
    await town.rest()
    said = [
        m.text for m in town.politi_exit.person.messages(town.room) if "En app har lagt noe her" in m.text
    ]
    assert len(said) == 1
    assert NUMBER not in said[0]
    assert town.politi_exit.whispers == []
    town.koordinator.sees_no("Noen uten tilgang", but="Sak")
    app = User("U0ANDREAPP", "vaktliste", "vaktliste", "Vaktliste", is_bot=True, bot_id="B0ANDREAPP")
    channels.join_workspace(workspace, app)
    room.members.append(app.id)  # while the bot was not listening
    channels.post_as_app(workspace, room, "Vaktliste for uke 49.", user=app.id)
    await town.rest()
    assert "#rom-" in town.koordinator.sees("Noen uten tilgang kom inn i saksrommet")
    assert town.rings()["koordinator"] >= 1
    assert app.id not in room.members
