"""Several times for one meeting: proposed, answered with a tap, called with one."""

from __future__ import annotations

import pytest

from sandbox.people.ui_actions import Target
from sandbox.people.visibility import CouldNot
from tests.stories import story
from tests.stories.test_ringing import CONFIRMS, rang
from tests.stories.town import Town

ASKED = ("Politiet", "Barneverntjenesten", "Sosialtjenesten")
THREE = ("politi-exit", "barnevern", "sosialtjenesten")
WORKING = {"Fase": "Arbeidsfase"}
WHICH = "Hvilke tider passer"
NOTHING = "Dette har du ikke tilgang til, eller så finnes det ikke. Se `/tot hjelp`."
THURSDAY, FRIDAY = "torsdag 10. desember", "fredag 11. desember"


async def proposes(town: Town, command: str = "/tot møte", **more: object) -> str:
    """Propose Thursday and Friday next week, at ten, as the coordinator; return what the review says."""
    await town.koordinator.types(command, in_=town.room)
    day, form = town.runner.day, town.koordinator.form
    first = "Et annet tidspunkt" if "Et annet tidspunkt" in form else "Når begynner møtet?"
    shown = await town.koordinator.looks_over(
        {first: day(9), "Flere tider?": day(10), "Sted": "Møterom Sør", **more}
    )
    town.rings()
    await town.koordinator.sends()
    return shown


@story(*ASKED, "Helsetjenesten", "UDI", confirmed=(*THREE[:2], "helse"), answered=THREE[:2], fields=WORKING)
async def test_each_taps_what_suits_and_one_tap_calls(town: Town) -> None:
    lead, police, child, social = town.koordinator, *town.people(THREE)
    shown = await proposes(town, Dagsorden="kanarimøte")
    asked, _, later = shown.partition("*Blir spurt når de har bekreftet taushetsplikten:*")
    assert "@barnevern" in asked
    assert "@politi-exit" in asked
    assert "Sosialtjenesten og UDI" in later
    assert "Svarfristen er fredag 4. desember kl. 9." in later
    assert town.rings() == {"barnevern": 1, "helse": 1, "politi-exit": 1}
    question = police.sees(WHICH)
    assert "Møtet torsdag 3. desember kl. 10 holdes som planlagt." in question
    assert "*Hvor:* Møterom Sør" in question
    assert "kanarimøte" in question
    assert "Svar innen fredag 4. desember kl. 9." in question
    for stranger in (social, town.vara_koordinator, town.politi_leder):
        stranger.sees_no("10. desember", but="politi-exit: 10. desember")

    assert WHICH in (await police.looks_at_home()).partition("Venter på deg")[2]
    await police.presses("Passer", in_="tot-bot", near=THURSDAY)
    assert "Ingenting venter på deg nå." in police.home
    await police.presses("Passer", near=FRIDAY)
    mine = police.sees(WHICH)
    assert f"*{THURSDAY} kl. 10–11* · passer for deg" in mine
    assert f"*{FRIDAY} kl. 10–11* · passer for deg" in mine
    assert "Svar innen" not in mine
    await child.presses("Passer", near=THURSDAY)
    await town.helse.presses("Ingen passer")
    town.helse.sees("*Ingen av tidene passer for deg.*")
    await social.confirms()
    assert town.rings() == {"sosialtjenesten": 2}, "the question of the times, and the file of the meeting"
    await social.presses("Passer", near=FRIDAY)
    await social.presses("Passer", near=THURSDAY)
    await social.presses("Passer ikke likevel", near=FRIDAY)

    # The room sees whether there is a quorum, and who is missing.
    card = child.reads(town.room)
    assert f"• {THURSDAY} kl. 10–11: nok tjenester · mangler Helsetjenesten og UDI" in card
    assert f"• {FRIDAY} kl. 10–11: ikke nok tjenester ennå · mangler" in card
    child.sees_no("Kan:", but="nok tjenester", in_=town.room)
    await lead.opens_choices()
    assert f"Best nå: {THURSDAY} kl. 10–11, nok tjenester." in lead.form
    thursday, _, friday = lead.form.partition(f"*{FRIDAY}")
    assert "Kan: Barneverntjenesten, Politiet og Sosialtjenesten\n" in thursday
    assert "Har ikke valgt den: Helsetjenesten\nIkke svart: UDI" in thursday
    assert (
        "Kan: Politiet\nHar ikke valgt den: Barneverntjenesten, Sosialtjenesten og Helsetjenesten" in friday
    )
    assert not town.rings(), "nobody is summoned before a time is called"
    kept = police.keeps("Passer ikke likevel", near=THURSDAY)
    await lead.presses("Kall inn", near=THURSDAY)
    # People who said that it suits have thereby answered, and get the file; others are asked as usual.
    new = dict.fromkeys(("barnevern", "helse", "politi-exit", "sosialtjenesten"), 2)
    assert town.rings() == {**new, "koordinator": 1}
    for person in (police, child, social):
        assert f"*Når:* {THURSDAY} kl. 10–11\n*Hvor:* Møterom Sør" in person.sees("Du kommer på møtet")
    assert "Svar" in town.helse.sees("Kommer du på møtet")
    for person in (police, child, social, town.helse):
        person.sees_no(WHICH, but=THURSDAY)
    lead.sees_no("Foreslåtte møtetider", but="Møterom Nord", in_=town.room)
    assert await police.presses_kept(kept) == NOTHING
    police.sees("Du kommer på møtet")


@story(*ASKED, confirmed=THREE, answered=THREE, fields=WORKING)
async def test_who_has_the_case_is_told_once_which_time_is_best(town: Town) -> None:
    await proposes(town)
    await town.politi_exit.presses("Passer", near=FRIDAY)
    await town.until("08:59", days=3)
    town.koordinator.sees_no("Møtetidene i sak", but="politi-exit: " + WHICH, in_="tot-bot")
    town.rings()
    await town.until("09:01")
    town.koordinator.sees("Svarfristen er ute.")
    assert town.rings() == {"koordinator": 1}
    await town.barnevern.presses("Passer", near=FRIDAY)
    assert "Kan: Barneverntjenesten og Politiet" in town.koordinator.sees(f"Best nå: {FRIDAY}")
    assert not town.rings()
    await town.koordinator.presses("Kall inn", in_="tot-bot", near=FRIDAY)
    assert town.rings() == {"barnevern": 2, "politi-exit": 2, "sosialtjenesten": 2}
    town.koordinator.sees_no("Møtetidene i sak", but="politi-exit: Du kommer på møtet", in_="tot-bot")


@story(*ASKED, confirmed=THREE, answered=THREE, fields=WORKING)
async def test_when_all_have_answered_it_is_told_at_once(town: Town) -> None:
    await proposes(town)
    for person in town.people(THREE[:2]):
        await person.presses("Passer", near=FRIDAY)
    assert await town.rings_when(town.sosialtjenesten.presses("Ingen passer")) == {"koordinator": 1}
    said = town.koordinator.sees("Møtetidene i sak", in_="tot-bot")
    assert f"Best nå: {FRIDAY} kl. 10–11, ikke nok tjenester ennå." in said
    assert "Har ikke valgt den: Sosialtjenesten" in said
    # A place that is the team's no more is said by the button that calls.
    await town.partners_change((' "Møterom Sør",', ""))
    no_place = "Stedet er ikke på teamets liste."
    await town.koordinator.opens_choices()
    assert no_place in await town.koordinator.opens("Kall inn", near=FRIDAY)
    # Withdrawn: the answers disappear with the times.
    await town.koordinator.presses("Trekk tidene tilbake", in_="tot-bot")
    for person in town.people(THREE):
        person.sees_no(WHICH, but="Du kommer på møtet", in_="tot-bot")
    town.koordinator.sees_no("10. desember", but="Møterom Nord")
    assert not town.rings()


@story(*ASKED, "UDI", confirmed=THREE, fields=WORKING)
async def test_what_was_said_on_the_telephone_counts_like_a_tap(town: Town) -> None:
    lead = town.koordinator
    await proposes(town)
    await lead.picks("Registrer svar på tidene")
    assert "[ velg ▾ ]" in lead.form
    with pytest.raises(CouldNot, match="«UDI» cannot be chosen"):
        await lead.fills({"Tjeneste": "UDI"})
    await rang(town, "UDI", CONFIRMS)
    assert "*Må spørres av deg:* UDI." in await proposes(town, "/tot flytt")
    await lead.picks(
        "Registrer svar på tidene", {"Tjeneste": "UDI", "Tider som passer": [f"{THURSDAY} kl. 10–11"]}
    )
    await lead.opens_choices()
    assert "Kan: UDI\n" in lead.form.partition(FRIDAY + " kl. 10–11:*")[0]
    await lead.presses("Flytt hit", near=THURSDAY)
    assert "UDI: kommer" in lead.sees("*1 kommer*", in_=town.room).replace("*", "")


@story(*ASKED, confirmed=THREE, fields=WORKING)
async def test_times_that_cannot_be_are_refused_at_their_field(town: Town) -> None:
    lead, day = town.koordinator, town.runner.day
    await lead.types("/tot møte", in_=town.room)
    another = "Velg en annen tid enn de andre, og enn den møtet har nå."
    await lead.fills({"Når begynner møtet?": day(9), "Sted": "Møterom Nord"})
    for more, wrong in (
        ({"Flere tider?": day(9)}, {"Flere tider?": another}),
        ({"Flere tider?": day(10), "En tredje tid": day(10)}, {"En tredje tid": another}),
        (
            {"En tredje tid": None, "Flere tider?": day(-1)},
            {"Flere tider?": "Tidspunktet er passert. Velg et senere."},
        ),
    ):
        assert await lead.is_refused(more) == wrong
    # A meeting's own time is no time to move it to.
    await lead.types("/tot flytt", in_=town.room)
    await lead.fills({"Flere tider?": day(9)})
    assert "Foreslå minst to nye tider." in (await lead.is_refused()).values()
    shown = await lead.looks_over({"En tredje tid": day(10)})
    assert "3. desember" not in shown.partition("*Blir spurt")[0]
    await lead.sends()
    question = town.barnevern.sees("kan bli flyttet. Hvilke tider passer?")
    assert "Det er satt til torsdag 3. desember kl. 10." in question
    # The people asked answer, and a coordinator calls.
    assert "Passer" not in town.koordinator.offers("tot-bot")
    await town.barnevern.opens_choices()
    assert "Flytt hit" not in town.barnevern.offers("modal")


@story(*ASKED, confirmed=THREE, answered=THREE[1:], fields=WORKING)
async def test_a_move_to_one_of_several_times_asks_the_deputy_and_keeps_agenda_and_chair(town: Town) -> None:
    await town.police_send_a_deputy()
    await town.politi_vakt.presses("Jeg kommer")
    await proposes(town, "/tot flytt", Dagsorden="kanarirom: foreslått dagsorden")
    assert town.rings() == {"barnevern": 1, "politi-vakt": 1, "sosialtjenesten": 1}
    town.politi_exit.sees_no(WHICH, but="politi-vakt: " + "Hvilke tider passer?")
    await town.koordinator.picks("Velg møteleder", {"Møteleder": "barnevern"})
    town.barnevern.sees("kanarirom: foreslått dagsorden", in_="tot-bot")
    await town.koordinator.does("/tot flytt", {"Dagsorden": "kanarirom: ny dagsorden"}, in_=town.room)
    for person in (town.politi_vakt, town.barnevern, town.sosialtjenesten):
        await person.presses("Passer", near=FRIDAY)
    await town.koordinator.presses("Flytt hit", in_="tot-bot", near=FRIDAY)
    for person in (town.politi_vakt, town.barnevern, town.sosialtjenesten):
        person.sees(FRIDAY)
    moved, agenda = "*Møtet er flyttet* fra torsdag 3. desember", "kanarirom: ny dagsorden"
    town.koordinator.sees("*3 kommer*", moved, agenda, "*Møteleder:* @barnevern", in_=town.room)


@story(*ASKED, confirmed=THREE, answered=THREE, fields=WORKING)
async def test_an_answer_stays_with_the_one_who_gave_it(town: Town) -> None:
    """A handed-over seat takes no answer along; newcomers are asked, leavers no longer count."""
    lead = town.koordinator
    await proposes(town)
    for person in town.people(THREE):
        await person.presses("Passer", near=THURSDAY)
    assert "nok tjenester" in lead.sees(f"Best nå: {THURSDAY}")
    await town.politi_exit.does("/tot plass", {"Tar over": "Vakthavende"}, in_=town.room)
    await town.politi_vakt.confirms()
    assert "Ikke svart: Politiet" in lead.sees(f"Best nå: {THURSDAY}")
    town.politi_exit.sees_no(WHICH, but="politi-vakt: " + WHICH)
    await lead.does("/tot inviter Helsetjenesten", in_=town.room)
    town.helse.sees_no("10. desember", but="koordinator: 10. desember")
    await town.helse.confirms()
    town.helse.sees(WHICH)
    await lead.does("/tot ut", {"Tjeneste": "Barneverntjenesten"}, in_=town.room)
    said = lead.sees(f"Best nå: {THURSDAY}", "Kan: Sosialtjenesten\n")
    assert "Barneverntjenesten" not in said
    town.barnevern.sees_no("10. desember", but="helse: 10. desember")


@story(*ASKED, confirmed=THREE, answered=THREE, fields=WORKING)
async def test_times_go_when_they_are_of_use_no_more(town: Town) -> None:
    lead, police = town.koordinator, town.politi_exit

    async def proposed(command: str = "/tot møte") -> Target:
        await proposes(town, command)
        await town.barnevern.presses("Passer", near=FRIDAY)
        await police.presses("Passer", near=THURSDAY)
        return police.keeps("Passer", near=FRIDAY)

    async def are_gone(kept: Target) -> None:
        for person in (police, town.barnevern):
            person.sees_no(WHICH.removeprefix("Hvilke "), but=town.code)
        assert "Foreslåtte møtetider" not in police.reads(town.room)
        assert await police.presses_kept(kept) == NOTHING

    kept = await proposed("/tot flytt")
    await lead.does("/tot flytt 14. desember kl 10", in_=town.room)
    await are_gone(kept)
    kept = await proposed("/tot flytt")
    await lead.does("/tot avlys", in_=town.room)
    await are_gone(kept)

    kept = await proposed()
    await lead.types("/tot møte", in_=town.room)
    times = {"Når begynner møtet?": town.runner.day(15), "Flere tider?": town.runner.day(16)}
    replaced = "Tidene som er foreslått fra før, trekkes tilbake sammen med svarene."
    assert replaced in await lead.looks_over({**times, "Sted": "Møterom Nord"})
    await lead.sends()
    town.barnevern.sees_no(THURSDAY, but="onsdag 16. desember")
    assert "passer for deg" not in police.sees("onsdag 16. desember")
    await lead.does("/tot møte 14. desember kl 10", {"Sted": "Møterom Nord"}, in_=town.room)
    await are_gone(kept)
    kept = await proposed()
    await lead.does("/tot avslutt", in_=town.room)
    police.sees_no(THURSDAY, but="er avsluttet")
    lead.sees_no("Foreslåtte møtetider", but=town.code, in_=town.room)
    await lead.does("Åpne saken igjen", {"Sted": "Møterom Nord"}, in_=town.room)
    await police.confirms()
    police.sees_no(WHICH, but="Jeg kommer", in_="tot-bot")
    lead.sees_no("Foreslåtte møtetider", but=town.code, in_=town.room)
    assert await police.presses_kept(kept) == NOTHING


@story(*ASKED, confirmed=THREE, answered=THREE, fields=WORKING)
async def test_times_that_have_passed_go(town: Town) -> None:
    await proposes(town)
    await town.until("10:01", days=9)
    police = town.politi_exit
    early, late = (police.keeps("Passer", near=day) for day in (THURSDAY, FRIDAY))
    assert await police.presses_kept(early)
    police.sees_no("i morgen", but=FRIDAY, in_="tot-bot")
    await town.koordinator.opens_choices()
    assert THURSDAY not in town.koordinator.form
    assert await police.presses_kept(late) == ""
    police.sees("passer for deg")
    await town.koordinator.puts_away()
    await town.until("10:01", days=1)
    police.sees_no(WHICH, but=town.code)
    town.koordinator.sees_no(f"{FRIDAY} kl. 10–11:", but=town.code)
    assert await police.presses_kept(late) == NOTHING
