"""A case that was opened by mistake: gone within a minute, and whoever was asked reads that."""

from __future__ import annotations

from tests.stories import story
from tests.stories.town import Town

UNDO = "Åpnet ved en feil: slett nå"
WITHDRAWN = "*Forespørselen du fikk fra TOT Bergen tir. 1. des. kl. 09:00, er trukket tilbake.*"
GONE = "En sak i TOT Bergen var åpnet ved en feil, og er slettet"


async def undoes(town: Town) -> str:
    """The coordinator deletes the case from «Valg», and reads that it goes; what the form says."""
    await town.koordinator.presses("Valg", in_=town.room)
    await town.koordinator.presses("Flere valg")
    assert town.koordinator.keeps(UNDO).element["style"] == "danger"
    await town.koordinator.presses(UNDO)
    said = town.koordinator.form
    await town.koordinator.sends()
    assert "Saken slettes nå." in town.koordinator.form
    await town.koordinator.puts_away()
    await town.later("1 min")
    return said


@story("Politiet", "Barneverntjenesten", "UDI", confirmed=("politi-exit",))
async def test_everything_is_gone_within_a_minute_and_everybody_is_told(town: Town) -> None:
    said = await undoes(town)
    assert "De får ingen melding av meg i Slack:* UDI (55 00 00 06)." in said
    assert "@politi-exit" in said
    assert "*Får vite at saken er slettet:* @vara-koordinator." in said
    channel = town.runner.sandbox.workspace.channel_named(town.room)
    assert channel is not None
    assert (channel.archived, town.inside()) == (True, set())
    assert not any(message.by_bot for message in channel.messages.values())
    for person in (town.politi_exit, town.barnevern):
        (told,) = person.messages
        assert told.startswith(WITHDRAWN)
        assert "plikt til å føre" in told
        assert "Journalført hos oss" not in told
    town.vara_koordinator.sees(GONE)
    assert town.koordinator.messages == []
    assert town.rings() == {"barnevern": 1, "politi-exit": 1, "vara-koordinator": 1}
    for person in (town.koordinator, town.vara_koordinator, town.politi_exit):
        person.sees_no(town.code, but=f"barnevern: {WITHDRAWN}")
    await town.koordinator.does("/tot rapport", {"Hvem er den til?": "Bare meg"})
    town.koordinator.sees("Ikke noe oppmøte er registrert i denne perioden.")
    await town.until("10:00", days=15)
    await town.jobs_run()
    assert town.politi_exit.messages == town.barnevern.messages == [], "what is told goes after two weeks"
    assert town.rings().keys() <= {"koordinator"}


@story("Politiet", "Helsetjenesten", confirmed=("helse",), mail=True)
async def test_a_calendar_is_told_by_mail_before_the_address_goes(town: Town) -> None:
    assert len(town.runner.calendar("helse")) == 1
    await undoes(town)
    subjects = [m.text.split("\n")[0] for m in town.runner.sandbox.activity.since(0) if m.kind == "mail"]
    assert subjects == ["*Møte*", "*Utgår: Møte*"]
    assert town.runner.calendar("helse") == []
    assert (await town.keeps_of("helse")).count('"table"') == 1, "where the message stands that tells of it"


@story("Politiet", when="i dag kl 12", confirmed=("politi-exit",))
async def test_it_is_not_offered_once_the_meeting_has_begun_or_an_action_is_agreed(town: Town) -> None:
    async def offered() -> bool:
        await town.koordinator.presses("Valg", in_=town.room)
        await town.koordinator.presses("Flere valg")
        town.koordinator.sees("Avslutt saken")
        offers = town.koordinator.offers()
        return UNDO in offers

    assert await offered()
    await town.koordinator.does("/tot tiltak", {"Hva": "ringe skolen"}, in_=town.room)
    assert not await offered()
    await town.opens_case("Politiet", when="i dag kl 12")
    assert await offered()
    await town.until("12:01")
    assert not await offered()


@story("Politiet", when="21. desember kl 10")
async def test_however_late_it_is_undone_who_was_asked_reads_it_for_two_weeks(town: Town) -> None:
    await town.later("16 d")
    await undoes(town)
    town.politi_exit.sees(WITHDRAWN)
    await town.later("13 d")
    town.politi_exit.sees(WITHDRAWN)
    await town.later("2 d")
    await town.jobs_run()
    assert town.politi_exit.messages == []
