"""«Fortsett der du slapp»: nothing that was filled in is lost, and nobody else is given it."""

from __future__ import annotations

from tests.stories import story
from tests.stories.town import Town

ASKED, NOTE, ACUTE = "Tjenester som spørres nå", "Dagsorden eller merknad", "Akutt: kall TOT sammen"
RESUMES, FAILED = "Fortsett der du slapp", "Noe gikk galt hos meg."
HOW_SOON = "Hvor fort bør TOT møtes?"


@story()
async def test_a_form_that_was_left_before_it_was_sent_is_offered_in_home_for_a_day(town: Town) -> None:
    koordinator = town.koordinator
    await koordinator.types("/tot akutt")
    await koordinator.fills({ASKED: ["Politiet · Etterforsker, EXIT"]})
    await koordinator.presses("Mer")
    await koordinator.steps({NOTE: "Hvem gjør hva i kveld."})
    await koordinator.puts_away()
    assert f"Du ble ikke ferdig med «{ACUTE}»" in await koordinator.looks_at_home()
    for other in (town.vara_koordinator, town.politi_exit):
        assert RESUMES not in await other.looks_at_home()
    kept = koordinator.keeps(RESUMES, in_="home")
    for other in (town.vara_koordinator, town.politi_exit, town.utenforstaende):
        assert "har du ikke tilgang til" in await other.presses_kept(kept)
    await koordinator.presses(RESUMES, in_="home")
    assert "Hvem gjør hva i kveld." in koordinator.form
    shown = await koordinator.looks_over()
    assert "Politiet" in shown
    assert "Hvem gjør hva i kveld." in shown
    await koordinator.sends()
    await koordinator.puts_away()
    assert len(town.rooms) == 1
    assert RESUMES not in koordinator.home
    assert ACUTE not in await koordinator.presses_kept(kept), "it is sent, and nowhere any more"
    await koordinator.types("/tot akutt")
    await koordinator.steps({ASKED: ["Politiet · Etterforsker, EXIT"]})
    await koordinator.puts_away()
    await town.later("23 t")
    assert RESUMES in await koordinator.looks_at_home()
    await town.later("3 t")
    assert RESUMES not in await koordinator.looks_at_home()


@story()
async def test_a_form_that_failed_is_offered_where_it_failed_without_what_may_not_be_written(
    town: Town,
) -> None:
    helse = town.helse
    for note, kept in (("Flere trengs.", True), ("Ring 41 23 45 67", False)):
        await helse.types("/tot kalle")
        await helse.fills({HOW_SOON: "I løpet av noen dager", "Merknad": note})
        with town.nothing_carried_out():
            await helse.person.submits()
            await town.rest()
        assert FAILED in helse.form
        assert town.rings() == {}
        await helse.presses(RESUMES)
        assert helse.form.startswith("Kall TOT sammen")
        assert "(•) I løpet av noen dager" in helse.form
        assert (note in helse.form) is kept
        if kept:
            await helse.sends()
            town.koordinator.sees(note)
            town.rings()
    # Own totals are not kept with it.
    koordinator, totals = town.koordinator, "minst 5 barn, <5 voksne"
    await koordinator.types("/tot rapport")
    await koordinator.presses("Årsmelding")
    await koordinator.fills({"Barn og voksne": totals, "Språk i årsmeldingen": "Nynorsk"})
    with town.nothing_carried_out():
        await koordinator.person.submits()
        await town.rest()
    await koordinator.presses(RESUMES)
    assert "(•) Nynorsk" in koordinator.form
    assert totals not in koordinator.form
