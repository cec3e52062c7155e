"""«Fortsett der du slapp»: nothing that was filled in is lost, and nobody else is given it."""

from __future__ import annotations

from sandbox.exercises.arsmelding import OWN_TOTALS
from tests.stories import story
from tests.stories.town import Town

ASKED = "Tjenester som spørres nå"
RESUMES = "Fortsett der du slapp"
ACUTE = "Akutt: kall TOT sammen"


async def leaves_it(town: Town, note: str = "Hvem gjør hva i kveld.") -> None:
    """The coordinator fills in an acute case, sees the review, and closes it."""
    await town.koordinator.types("/tot akutt")
    await town.koordinator.fills({ASKED: ["Politiet · Etterforsker, EXIT"]})
    await town.koordinator.presses("Mer")
    await town.koordinator.steps({"Dagsorden": note})
    await town.koordinator.puts_away()


@story()
async def test_a_form_that_was_left_before_it_was_sent_is_offered_in_home(town: Town) -> None:
    lead = town.koordinator
    await leaves_it(town)
    assert f"Du ble ikke ferdig med «{ACUTE}»* (kl. 09:00)" in await lead.looks_at_home()
    assert RESUMES not in await town.vara_koordinator.looks_at_home()
    await lead.presses(RESUMES, in_="home")
    assert "Hvem gjør hva i kveld." in lead.form
    assert "[x] Politiet · Etterforsker, EXIT" in lead.form
    await lead.steps()
    lead.sees("Hvem gjør hva i kveld.", in_="modal")
    assert town.rings() == {}
    await lead.steps()
    await lead.puts_away()
    assert len(town.rooms) == 1
    assert town.rings()["politi-exit"] == 1
    assert RESUMES not in await lead.looks_at_home()


@story()
async def test_it_dies_in_a_day(town: Town) -> None:
    await leaves_it(town)
    await town.later("23 t")
    assert RESUMES in await town.koordinator.looks_at_home()
    stale = town.koordinator.keeps(RESUMES, in_="home")
    await town.later("2 t")
    assert RESUMES not in await town.koordinator.looks_at_home()
    await town.jobs_run()
    assert "Hvem gjør hva" not in await town.koordinator.presses_kept(stale)


@story()
async def test_a_form_that_failed_is_offered_where_it_failed_without_what_the_guard_refuses(
    town: Town,
) -> None:
    for note, kept in (("Flere trengs.", True), ("Ring 41 23 45 67", False)):
        await town.helse.types("/tot kalle")
        await town.helse.fills({"Hvor fort": "I løpet av noen dager", "Merknad": note})
        with town.nothing_carried_out():
            await town.helse.person.submits()
            await town.helse.person.sees_modal("TOT")
        assert "Noe gikk galt hos meg." in town.helse.form
        assert len(town.koordinator.messages) == (not kept)
        await town.helse.presses(RESUMES)
        assert "(•) I løpet av noen dager" in town.helse.form
        assert ("Flere trengs." in town.helse.form) is kept
        assert "41 23" not in town.helse.form
        if kept:
            await town.helse.sends()
            town.koordinator.sees("Flere trengs.")
            assert RESUMES not in await town.helse.looks_at_home()
        await town.helse.puts_away()


@story()
async def test_a_teams_own_totals_are_not_kept_with_the_form_that_failed(town: Town) -> None:
    lead = town.koordinator
    await lead.types("/tot rapport")
    await lead.presses("Årsmelding")
    await lead.fills({"Barn og voksne": OWN_TOTALS, "Språk i årsmeldingen": "Nynorsk"})
    with town.nothing_carried_out():
        await lead.person.submits()
        await lead.person.sees_modal("TOT")
    await lead.presses(RESUMES)
    assert "(•) Nynorsk" in lead.form
    assert OWN_TOTALS not in lead.form
