"""A room: its messages are checked, and Slack's refusal affects only one person."""

from __future__ import annotations

from sandbox import channels
from sandbox.model import Json, User
from tests.stories import story
from tests.stories.town import Town

NUMBER = "151086 95088"
BOTH = ("Politiet", "Barneverntjenesten")


@story(*BOTH, confirmed=("politi-exit",))
async def test_whoever_writes_what_points_somebody_out_is_told_so_alone(town: Town) -> None:
    police = town.politi_exit
    await police.writes("Vi møtes i gangen.", town.room)
    assert town.politi_exit.whispers == []
    for text, found in (
        (f"Husk {NUMBER}", ("fødselsnummer",)),
        ("Ring 412 34 567 eller ola@nordmann.no", ("telefonnummer", "e-postadresse")),
    ):
        await police.writes(text, town.room)
        said = town.politi_exit.whispers[-1]
        assert all(kind in said for kind in found), said
        assert "aldri navn, så se over selv også" in said
        assert not any(number in said for number in (NUMBER, "412", "nordmann"))
    await police.writes(f"Gjelder {NUMBER}", "#generelt")
    await police.forwards("Gjelder", "#generelt", town.room)
    assert "Meldingen din ser ut til å ha et fødselsnummer" in town.politi_exit.whispers[-1]
    await police.sets_topic(f"Gjelder {NUMBER}", town.room)
    assert "Romnavnet eller emnet" in town.politi_exit.whispers[-1]
    assert "fødselsnummer" in town.politi_exit.whispers[-1]
    await police.uploads("plan.pdf", b"%PDF", town.room)
    assert "Slett filen" in town.politi_exit.whispers[-1]
    await police.edits("Vi møtes", "Vi møtes i gangen nå.", town.room)
    assert len(town.politi_exit.whispers) == 5
    await police.edits("Vi møtes", f"Vi møtes, {NUMBER}", town.room)
    await police.edits("Vi møtes", f"Vi møtes, {NUMBER}", town.room)
    assert len(town.politi_exit.whispers) == 6, "told once, however often Slack shows it anew"
    assert town.koordinator.whispers == []


@story(*BOTH, confirmed=("politi-exit",))
async def test_what_an_app_writes_is_told_once_and_one_that_is_let_in_is_thrown_out(town: Town) -> None:
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


NOT_DELIVERED, NOT_LET_IN = "kom ikke fram", "kommer ikke inn i saksrommet"
BY_HAND = "Ta dem ut for hånd nå."


def told(town: Town, words: str) -> list[str]:
    return [text for text in town.koordinator.messages if words in text]


@story(*BOTH, confirmed=("politi-exit",))
async def test_one_who_cannot_be_taken_out_keeps_nobody_else_in_or_out(town: Town) -> None:
    stays = town.udi.person.id

    def theirs(arguments: Json) -> bool:
        return bool(arguments.get("user") == stays)

    town.meets("error", "conversations.kick", times=-1, where=theirs, code="restricted_action")
    for handle in ("udi", "utenforstaende"):
        town.let_in.add(handle)
        await town.politi_exit.invites(handle, town.room)
    await town.barnevern.confirms()
    assert town.inside() == {"koordinator", "politi-exit", "barnevern", "udi"}
    assert "*Barneverntjenesten:* har ikke svart" in town.card()
    assert len(told(town, "er i saksrommet for")) == 1
    assert told(town, NOT_DELIVERED) == []
    assert "*Ikke skriv her.*" in town.barnevern.reads(town.room)
    town.koordinator.sees(BY_HAND, in_="tot-bot")
    town.koordinator.sees("Noen uten tilgang kom inn i saksrommet", in_="tot-bot")
    for person in (town.vara_koordinator, town.politi_exit):
        person.sees_no("Noen uten tilgang kom", but=f"koordinator: {BY_HAND}", in_="tot-bot")
    await town.koordinator.removes("udi", town.room)
    assert town.inside() == {"koordinator", "politi-exit", "barnevern"}
    assert "*Ikke skriv her.*" not in town.barnevern.reads(town.room)
    assert told(town, BY_HAND) == []


@story(*BOTH, confirmed=("politi-exit",))
async def test_whom_slack_keeps_in_the_room_is_not_said_to_be_out_and_not_forgotten_there(town: Town) -> None:
    lead, police = town.koordinator, town.politi_exit
    refused = town.meets("error", "conversations.kick", times=-1, code="restricted_action")
    await lead.does("/tot avslutt", {}, in_=town.room)
    assert "politi-exit" in town.inside()
    closed = lead.sees("*Saken er avsluttet.*", in_=town.room)
    assert "tatt ut av rommet" not in closed
    assert "Slack lar meg ikke ta deg ut av saksrommet" in police.sees("er avsluttet", in_="tot-bot")
    town.runner.sandbox.faults.remove(refused)
    await town.jobs_run()
    assert "politi-exit" not in town.inside()
    assert "tatt ut av rommet" in lead.sees("*Saken er avsluttet.*", in_=town.room)
    assert "Du ser ikke lenger saksrommet" in police.sees("er avsluttet", in_="tot-bot")

    town.meets("error", "conversations.kick", times=-1, code="restricted_action")
    channel = town.channel(town.room)
    await town.later("46 d")
    await town.jobs_run()
    assert not channel.archived, "somebody would go on reading"
    for _ in range(3):
        await town.later("1 d")
        await town.jobs_run()
    assert any(channel.id in text for text in lead.messages), "the coordinators have the list"


@story(*BOTH)
async def test_one_who_cannot_be_let_in_is_shown_so_and_told_of_once(town: Town) -> None:
    outside = town.politi_exit.person.id

    def theirs(arguments: Json) -> bool:
        return outside in str(arguments.get("users"))

    town.meets("error", "conversations.invite", times=-1, where=theirs, code="cant_invite")
    for person in (town.politi_exit, town.barnevern):
        await person.confirms()
    assert town.inside() == {"koordinator", "barnevern"}
    assert "Slack slipper ikke inn: @politi-exit" in town.card()
    (message,) = told(town, NOT_LET_IN)
    assert "@politi-exit (Politiet)" in message
    assert told(town, NOT_DELIVERED) == []
    await town.later("3 t")
    assert len(told(town, NOT_LET_IN)) == 1
    town.runner.sandbox.faults.clear()
    await town.barnevern.presses("Jeg kommer", in_="tot-bot")
    assert town.inside() == {"koordinator", "politi-exit", "barnevern"}
    assert told(town, NOT_LET_IN) == []
    assert "slipper ikke inn" not in town.card()


@story(*BOTH, confirmed=("barnevern",))
async def test_who_is_left_out_and_leaves_the_case_is_no_longer_told_of(town: Town) -> None:
    town.meets("error", "conversations.invite", times=-1, code="ura_max_channels")
    town.let_in.add("politi-exit")  # only Slack did not
    await town.politi_exit.confirms()
    assert len(told(town, NOT_LET_IN)) == 1
    await town.koordinator.does("/tot avslutt", in_=town.room)
    assert told(town, NOT_LET_IN) == []
    assert town.inside() == {"koordinator"}


@story(*BOTH, confirmed=("politi-exit",))
async def test_a_new_room_is_for_those_who_have_confirmed(town: Town) -> None:
    lead = town.koordinator
    await town.politi_exit.leaves()
    await lead.makes_public(town.room)
    await lead.presses("Nytt rom", in_="tot-bot")
    assert "@politi-exit" in lead.form, "who had left is let in again"
    assert "@barnevern" not in lead.form
    await lead.sends()
    assert town.inside() == {"koordinator", "politi-exit"}
