"""Every press gets an answer, whatever Slack refuses; and every answer is true."""

from __future__ import annotations

from sandbox import channels
from tests.stories import story
from tests.stories.town import Town

ACUTE = "Akutt: kall TOT sammen"
UNFORESEEN, BUSY = "Noe gikk galt hos meg", "Slack tar ikke imot mer fra meg akkurat nå"


@story()
async def test_an_acute_form_that_does_not_open_is_offered_in_a_message(town: Town) -> None:
    lead = town.koordinator
    await lead.looks_at_home()
    for from_home in (True, False):
        if from_home:
            town.meets("error", "views.open", code="expired_trigger_id")
            await lead.presses(ACUTE, in_="home")
        else:
            town.meets("ratelimited", "views.open", retry_after=20)
            await lead.uses(ACUTE)
        assert lead.form == ""
        assert town.rings() == {"koordinator": 1}
        lead.sees("skjemaet ble ikke åpnet")
        await town.later("30 s")
        await lead.presses("Kall TOT sammen", in_="tot-bot")
        assert lead.form.startswith(ACUTE)
    # A person who coordinates nothing is offered to ask, and reads whom to ring.
    town.meets("error", "views.open", code="expired_trigger_id")
    await town.utenforstaende.uses(ACUTE)
    assert town.rings() == {"utenforstaende": 1}
    await town.utenforstaende.presses("Kall TOT sammen", in_="tot-bot")
    assert town.utenforstaende.form.startswith("Be om at TOT samles")
    await town.utenforstaende.uses(ACUTE)
    town.utenforstaende.sees("Barnevernvakten: 55 00 00 03")
    # «Mer» in a form that is closed meanwhile is no fault.
    for code in ("not_found", "hash_conflict"):
        await town.koordinator.types("/tot akutt")
        refused = town.meets("error", "views.update", code=code)
        await town.koordinator.presses("Mer")
        assert refused.hits == 1
        town.koordinator.sees_no(UNFORESEEN, but="Tjenester som spørres nå")


@story()
async def test_a_form_comes_a_moment_later_or_it_is_told_truly_that_it_cannot(town: Town) -> None:
    lead = town.koordinator
    soon = town.meets("ratelimited", "views.open", retry_after=1)
    await lead.types("/tot koordinator")
    await lead.person.sees_modal("Koordinatorer")
    assert soon.hits == 1
    busy = town.meets("ratelimited", "views.open", times=-1, retry_after=25)
    for command in ("/tot koordinator", "/tot veiledning"):
        await lead.types(command)
        assert "Prøv igjen om 2" in str(await lead.person.sees(BUSY, in_="generelt"))
        lead.sees_no(UNFORESEEN, but=BUSY)
    assert busy.hits == 1, "the second one is told without asking Slack"
    busy.times = 0
    await town.later("30 s")
    # The filled-in values stay where Slack cannot say who was chosen.
    await lead.types("/tot koordinator")
    busy = town.meets("ratelimited", "users.info", times=-1, retry_after=25)
    assert BUSY in "".join((await lead.is_refused({"Utnevn ny koordinator": "helse"})).values())
    busy.times = 0
    await town.later("30 s")
    await lead.sends()
    town.helse.sees("Du er koordinator for TOT Bergen", in_="tot-bot")


@story()
async def test_whoever_waits_is_answered_all_the_same(town: Town) -> None:
    lead = town.koordinator
    added = [town.meets("reset_after", each) for each in ("views.open", "users.info", "chat.postEphemeral")]
    await lead.does("/tot koordinator", {"Utnevn ny koordinator": "helse"})
    town.helse.sees("Du er koordinator for TOT Bergen", in_="tot-bot")
    await town.opens_case("Politiet")
    await lead.writes("Ring 41 23 45 67", to=town.room)
    await lead.person.sees("Slett meldingen", in_=town.room)
    assert [f.method for f in added if f.hits != 1] == []
    assert all("Slett meldingen" in text for text in lead.whispers)
    # It is retried once, not for ever.
    refused = town.meets("5xx_before", "views.open", times=-1)
    await lead.types("/tot koordinator")
    await lead.person.sees(UNFORESEEN, in_="generelt")
    assert refused.hits == 2


def deletes_card(town: Town) -> None:
    """Delete the card, as a workspace administrator can."""
    channel = town.channel(town.room)
    pinned = channel.messages[channel.pins[0]]
    channels.delete_message(town.runner.sandbox.workspace, channel, pinned, town.koordinator.person.id)


@story()
async def test_a_card_is_pinned_once_and_comes_back_once_when_it_is_deleted(town: Town) -> None:
    def cards() -> int:
        return sum("*Neste møte:*" in text for text in town.koordinator.person.reads(town.room))

    await town.opens_case("Politiet", "Barneverntjenesten")
    await town.barnevern.confirms()
    calls = town.runner.sandbox.workspace.calls
    assert [call.error for call in calls if call.method == "pins.add"] == [""]
    lines = [m.text for m in town.koordinator.person.messages(town.room) if m.sender == "slackbot"]
    assert ["pinned a message" in line for line in lines] == [True]
    assert town.koordinator.whispers == [], "the guard passes over Slack's own line"
    deletes_card(town)
    await town.politi_exit.confirms()
    assert cards() == 1
    assert "et navn" in town.koordinator.sees("Noen har slettet sakskortet")
    deletes_card(town)
    town.rings()
    await town.barnevern.presses("Jeg kommer", in_="tot-bot")
    await town.vara_koordinator.confirms()
    assert cards() == 0
    assert "koordinator" not in town.rings()
    # That it cannot be pinned costs nothing.
    tried = town.meets("error", "pins.add", code="missing_scope")
    await town.opens_case("Barneverntjenesten", when="fredag kl 10")
    assert (tried.hits, cards()) == (1, 1)


@story("Politiet", confirmed=("politi-exit",))
async def test_a_file_without_a_name_does_not_keep_a_message_from_coming(town: Town) -> None:
    await town.politi_exit.uploads("", b"x", "tot-bot")
    town.rings()
    place = town.politi_exit.person.channel("tot-bot").id
    lost = town.meets("5xx_before", "chat.postMessage", where=lambda of: of["channel"] == place)
    await town.moves("fredag kl 12")
    await town.later("1 min")
    assert lost.hits == 1
    assert town.rings()["politi-exit"] == 2, "the question and the calendar file"
