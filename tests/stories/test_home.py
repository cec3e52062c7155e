"""Home: what waits for me, my meetings, my cases; for a coordinator every case with what is missing."""

from __future__ import annotations

from tests.stories import story
from tests.stories.town import CONFIRM, Town

PUBLISH = "views.publish"
BOTH = ("Politiet", "Barneverntjenesten")
NOTHING = "Ingenting venter på deg nå"
READERS = ("koordinator", "politi-exit", "barnevern")


def published(town: Town, since: int) -> list[str]:
    """The people whose Homes have been published since, each time."""
    workspace = town.runner.sandbox.workspace
    calls = (call for call in workspace.calls[since:] if call.method == PUBLISH)
    return sorted(workspace.handle(str(call.arguments["user_id"])) for call in calls)


@story(*BOTH)
async def test_whoever_is_outside_reads_what_tot_is_and_asks_from_there(town: Town) -> None:
    for who in (town.utenforstaende, town.helse):
        home = await who.looks_at_home()
        assert home.count("TOT er et tverretatlig team") == 1
        assert home.count("TOT avdekker og etterforsker ikke") == 1, "the team's mandate"
        assert "Akutt: ring 112" in home
        opens = {"Hjelp": "TOT", "Be om veiledning": "Be om vei", "Be om at TOT samles": "Kall TOT sammen"}
        assert who.offers("home") == list(opens)
        for label, title in opens.items():
            await who.presses(label, in_="home")
            assert who.form.startswith(title)


@story(*BOTH)
async def test_a_contact_answers_there_and_reads_own_meetings_and_cases(town: Town) -> None:
    police, room = town.politi_exit, f"#{town.room}"
    home = await police.looks_at_home()
    assert "trenger Politiet i en sak i TOT Bergen" in home.partition("Venter på deg")[2]
    assert "Du har ingen møter framover." in home
    assert "Du er ikke med i noen sak nå." in home
    assert town.code not in home
    assert "Barnevern" not in home
    await police.presses(CONFIRM, in_="home")
    waiting, _, meetings = police.home.partition("Møtene mine")
    assert f"*Kommer du på møtet i sak {town.code}?*" in waiting
    assert f"sak {town.code} · Møterom Nord · du har ikke svart · {room}" in meetings
    assert f"Sak *{town.code}* · akuttfase · {room}" in meetings
    for label, state in (("Jeg kommer", "du kommer"), ("Kan ikke", "du har meldt forfall")):
        await police.presses(label, in_="home")
        if police.form:
            await police.sends({"Hvorfor": "borte fra jobb"})
        waiting, _, meetings = police.home.partition("Møtene mine")
        assert f"{state} · {room}" in meetings
        assert "Kommer du på møtet" not in waiting
    assert "Jeg kan komme likevel" in police.offers("home")
    town.rings()
    await town.koordinator.does("/tot ut politiet", in_=town.room)
    for gone in (town.code, "Venter på deg\nKommer", "Jeg kan komme likevel"):
        assert gone not in police.home, "somebody whose part is over is a stranger to the case"
    assert NOTHING in police.home


@story(*BOTH, "UDI", confirmed=("politi-exit",))
async def test_a_coordinator_reads_what_every_case_lacks_and_whom_to_ring(town: Town) -> None:
    koordinator, vara = town.koordinator, town.vara_koordinator
    home = await koordinator.looks_at_home()
    assert koordinator.offers("home")[:3] == ["Akutt: kall TOT sammen", "Opprett sak", "Hjelp"]
    assert f"Sak {town.code} mangler noe. #{town.room}" in home
    ring = home.partition("Ring disse")[2].partition("Møtene mine")[0]
    assert "*UDI:* Saksbehandler" in ring
    assert "Politiet 55 00 00 01" in ring
    assert "Barneverntjenesten:*" not in ring, "who can be asked in Slack is not rung yet"
    assert f"sak {town.code} · Møterom Nord · du er koordinator · #{town.room}" in home
    for lack in (
        "• @vara-koordinator har ikke bekreftet taushetsplikten som koordinator.",
        "• UDI: må ringes.",
        "• Barneverntjenesten: taushetsplikten er ikke bekreftet.",
        "• Politiet: har ikke svart på innkallingen.",
    ):
        assert lack in home.partition("Saker i TOT Bergen")[2], lack
    await koordinator.presses("Registrer svar", in_="home")
    assert "UDI" in koordinator.form
    await town.helse.does("/tot kalle", {"Hvor fort bør TOT møtes?": "I løpet av noen dager"})
    home = await vara.looks_at_home()
    assert "En sak i TOT Bergen venter på at du bekrefter taushetsplikten." in home
    assert "Skal TOT kalles sammen?" in home
    assert "Ingen saker å vise nå." in home
    for who in (vara, town.politi_exit, town.barnevern, town.utenforstaende):
        home = await who.looks_at_home()
        for hidden in ("Ring disse", "55 00 00 0", "mangler noe", "taushetsplikten er ikke bekreftet."):
            assert hidden not in home, (who.handle, hidden)
    assert town.code not in vara.home
    await vara.presses(CONFIRM, in_="home")
    assert "• UDI: må ringes." in vara.home
    assert "@vara-koordinator har ikke" not in koordinator.home
    await town.politi_exit.presses("Jeg kommer", in_="tot-bot")
    assert "• Politiet:" not in koordinator.home


@story(*BOTH)
async def test_a_home_that_fails_is_shown_later_and_holds_up_no_other(town: Town) -> None:
    for who in town.people(READERS):
        await who.looks_at_home()
    barnevern = town.barnevern.person.id
    workspace = town.runner.sandbox.workspace
    for fault, how in (("5xx_before", {}), ("reset_after", {}), ("error", {"code": "invalid_blocks"})):
        since = len(workspace.calls)
        town.meets(fault, PUBLISH, where=lambda asked: asked.get("user_id") == barnevern, **how)
        await town.koordinator.does(
            "/tot flytt fredag kl 12" if fault == "5xx_before" else "/tot fase", in_=town.room
        )
        at_once = len(workspace.calls)
        assert set(published(town, since)) >= {"koordinator", "politi-exit"}, fault
        await town.later("90 s")
        assert set(published(town, at_once)) <= {"barnevern"}, fault
    assert "fredag 4. desember" in town.barnevern.home
    town.koordinator.sees_no("kom ikke fram", but="Sak")
    # Of two that are on their way the newer one stands.
    police = town.politi_exit
    town.meets("delayed", PUBLISH, where=lambda asked: asked.get("user_id") == police.person.id, seconds=1.0)
    await town.opens_case("Politiet", when="i overmorgen kl 14")
    await town.opens_case("Politiet", when="i overmorgen kl 12")
    assert police.home.count("trenger Politiet i en sak i TOT Bergen") == 3
