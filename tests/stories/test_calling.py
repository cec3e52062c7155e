"""Meetings: called, moved, cancelled, soon; the next one proposed by the rhythm."""

from __future__ import annotations

from tests.stories import story
from tests.stories.test_ringing import CONFIRMS, rang
from tests.stories.town import CONFIRM, Town

BOTH = ("Politiet", "Barneverntjenesten")
CONFIRMED = ("politi-exit", "barnevern")
COMES = {"Hva svarte de": "Kommer"}
ASKED = "Kommer du på møtet i sak"


@story(*BOTH, "UDI", confirmed=("politi-exit", "vara-koordinator"))
async def test_a_meeting_is_called_and_each_is_asked_once(town: Town) -> None:
    await town.later("1 min")
    await town.koordinator.types("/tot møte mandag kl 10", in_=town.room)
    assert "(•) man. 7. des. kl. 10:00, om seks dager" in town.koordinator.form
    shown = await town.koordinator.looks_over({"Sted": "Møterom Sør", "Dagsorden": "kanarimøte"})
    assert "mandag 7. desember kl. 10–11 (om seks dager)\nMøterom Sør" in shown
    assert "• Politiet: @politi-exit" in shown
    assert "*Du må ringe*\n• UDI: Saksbehandler. Nås ikke her i Slack: 55 00 00 06." in shown
    await town.koordinator.sends()
    # People who have confirmed get it with its calendar file; child welfare is again asked to confirm first.
    assert town.rings() == {"barnevern": 1, "koordinator": 1, "politi-exit": 2}
    town.koordinator.sees("Ring disse: sak", in_="tot-bot")
    town.politi_exit.sees(ASKED, "mandag 7. desember kl. 10–11\n*Hvor:* Møterom Sør", "kanarimøte")
    town.barnevern.sees_no("Møterom Sør", but="politi-exit: Møterom Sør")
    town.vara_koordinator.sees_no(ASKED, but="politi-exit: " + ASKED)
    # The first one is unchanged, and is next.
    assert "*Neste møte:* torsdag 3. desember kl. 10–11 · Møterom Nord" in town.politi_exit.reads(town.room)
    home = await town.politi_exit.looks_at_home()
    assert home.index("torsdag 3. desember kl. 10") < home.index("mandag 7. desember kl. 10")
    await town.politi_exit.presses("Jeg kommer", near="mandag 7. desember")
    town.politi_exit.sees("Du kommer på møtet i sak")
    assert "*0 kommer*" in town.politi_exit.reads(town.room)
    await town.barnevern.confirms()
    town.barnevern.sees("Møterom Sør")


@story(*BOTH, confirmed=CONFIRMED)
async def test_a_meeting_that_cannot_be_is_refused_and_of_several_one_is_moved(town: Town) -> None:
    lead = town.koordinator
    await lead.types("/tot møte i går kl 10", in_=town.room)
    assert "Tidspunktet du skrev, er ikke brukt." in lead.form
    assert "Flere tider?" not in lead.form, "in the acute phase a time is called and not asked for"
    nowhere = "Velg et sted, eller legg inn en lenke."
    assert await lead.is_refused({"Sted": None}) == {"Sted": nowhere, "Lenke til videomøte": nowhere}
    for fields, said in (
        ({"Et annet tidspunkt": town.runner.day(-1, "10:00"), "Sted": "Møterom Nord"}, "er passert"),
        ({"Et annet tidspunkt": town.runner.day(400, "10:00")}, "mer enn et år til"),
        (
            {"Et annet tidspunkt": town.runner.day(3, "10:00"), "Lenke": "https://evil.example/x"},
            "Godkjent: meet.example.no.",
        ),
        (
            {"Lenke": None, "Dagsorden": "55 12 34 56, a@b.no"},
            "e-postadresse. Ta det ut. Dette ligner et telefonnummer. Ta det ut.",
        ),
    ):
        ((where, wrong),) = (await lead.is_refused(fields)).items()
        assert said in wrong
        assert where.startswith(tuple(fields))
    # One of several meetings is chosen, with the typed time.
    await town.koordinator.does("/tot møte mandag kl 10", {"Sted": "Møterom Nord"}, in_=town.room)
    town.rings()
    await town.koordinator.types("/tot flytt 8. desember kl 12", in_=town.room)
    form = await town.koordinator.looks_over({"Møte": "man. 7. des. kl. 10:00"})
    assert "Møtet er satt til mandag 7. desember kl. 10–11." in form
    assert "(•) tir. 8. des. kl. 12:00" in form
    await town.koordinator.looks_over()
    await town.koordinator.sends()
    assert town.rings() == {"barnevern": 2, "politi-exit": 2}
    town.barnevern.sees("tirsdag 8. desember kl. 12* (flyttet fra mandag 7. desember kl. 10)")
    assert "*Neste møte:* torsdag 3. desember" in town.barnevern.reads(town.room)


@story(*BOTH, "UDI", confirmed=("politi-exit", "vara-koordinator"), answered=("politi-exit",))
async def test_a_move_asks_everybody_again(town: Town) -> None:
    assert "*1 kommer*" in town.politi_exit.reads(town.room)
    await town.later("1 min")
    shown = await town.koordinator.opens("/tot flytt onsdag 9. desember kl 12", {}, in_=town.room)
    again = shown.partition("*Blir spurt om den nye tiden når du sender*")[2]
    assert "@politi-exit" in again
    assert "@barnevern" in again
    assert "UDI: Saksbehandler. Nås ikke her i Slack: 55 00 00 06." in again
    assert "@" not in again.partition("Må få vite det av deg")[2]
    await town.koordinator.sends()
    # People who have confirmed get question and file; the other coordinator is told, not the mover.
    assert town.rings() == {"barnevern": 1, "politi-exit": 2, "vara-koordinator": 1}
    confirmed, asked, file = town.politi_exit.messages
    assert confirmed.startswith("Du bekreftet taushetsplikten")
    assert asked.startswith(f"*Ny tid i sak {town.code}: onsdag 9. desember kl. 12* (flyttet fra torsdag 3.")
    assert "Kommer du?\nTidligere svar gjelder ikke lenger." in asked
    assert "slett den for hånd" in asked
    assert "mote-" in file
    assert town.politi_exit.offers("tot-bot") == ["Jeg kommer", "Kan ikke", "Ikke vår sak"]
    town.barnevern.sees("*Møte onsdag 9. desember kl. 12, fysisk* (flyttet fra torsdag 3. desember kl. 10)")
    town.vara_koordinator.sees("*Møtet er flyttet* fra torsdag 3. desember kl. 10.", in_="tot-bot")
    card = town.politi_exit.reads(town.room)
    assert "*0 kommer* · 2 har ikke svart · 1 må ringes" in card
    assert "*Møtet er flyttet* fra torsdag 3. desember kl. 10." in card
    # Moved again: the first move's messages are removed.
    await town.later("1 min")
    await town.koordinator.does("/tot flytt torsdag 10. desember kl 12", in_=town.room)
    rung = town.rings()
    assert (rung["barnevern"], rung["politi-exit"], rung["vara-koordinator"]) == (1, 2, 1)
    town.vara_koordinator.sees_no(
        "onsdag 9. desember kl. 12–13", but="torsdag 10. desember kl. 12–13", in_="tot-bot"
    )
    town.politi_exit.sees_no(
        "*Når:* onsdag 9. desember", but="flyttet fra onsdag 9. desember kl. 12", in_="tot-bot"
    )
    workspace = town.runner.sandbox.workspace
    before, room = len(workspace.calls), town.channel(town.room).id
    await town.politi_exit.presses("Jeg kommer")
    assert "*Møtet er flyttet* fra onsdag 9. desember kl. 12." in town.politi_exit.sees("Du kommer på møtet")
    made = [c.method for c in workspace.calls[before:] if c.arguments.get("channel") == room]
    assert made == ["conversations.info", "chat.update"], "one change is one update of the card"
    await town.barnevern.confirms()
    asked = town.barnevern.sees("Ny tid i sak", "(flyttet fra onsdag 9. desember kl. 12)")
    assert "Tidligere svar" not in asked, "the earlier time stood in the question to confirm"


@story(*BOTH, confirmed=CONFIRMED, answered=CONFIRMED)
async def test_another_note_asks_nobody_and_another_place_everybody(town: Town) -> None:
    await town.koordinator.types("/tot flytt", in_=town.room)
    now, *_ = town.koordinator.choices("Når")
    assert now == "Som nå: tor. 3. des. kl. 10:00, om to dager"
    assert f"(•) {now}" in town.koordinator.form
    assert "Flere tider?" not in town.koordinator.form
    shown = await town.koordinator.looks_over({"Dagsorden": "kanarimøtetolk"})
    assert "Tid og sted er som før. Ingen må svare på nytt." in shown
    await town.koordinator.sends()
    assert not town.rings()
    town.politi_exit.sees("kanarimøtetolk", in_="tot-bot")
    assert "*2 kommer*" in town.politi_exit.reads(town.room)
    town.politi_exit.sees_no("flyttet", but="kanarimøtetolk")
    await town.koordinator.does("/tot flytt", {"Sted": "Møterom Sør"}, in_=town.room)
    assert town.rings() == {"barnevern": 2, "politi-exit": 2}
    asked = town.barnevern.sees("*Møtet har fått et nytt sted.* Tidligere svar", "Møterom Sør")
    assert "flyttet fra" not in asked
    assert "*0 kommer* · 2 har ikke svart" in town.politi_exit.reads(town.room)


@story(*BOTH, "UDI", confirmed=("politi-exit", "vara-koordinator"))
async def test_a_meeting_is_called_off(town: Town) -> None:
    form = await town.koordinator.opens("/tot avlys", in_=town.room)
    assert "• torsdag 3. desember kl. 10: beskjed til @politi-exit (Etterforsker, EXIT)" in form
    assert "@barnevern (Kontaktperson) har ikke bekreftet taushetsplikten, og leser det i spørsmålet" in form
    assert "Du må selv si fra til UDI." in form
    assert "e-post" not in form, "nothing is sent by mail here"
    town.koordinator.sees("Ring disse", in_="tot-bot")
    await town.koordinator.sends()
    # Once in the room, with its two coordinators, and once to the person asked.
    assert town.rings() == {"koordinator": 1, "politi-exit": 2, "vara-koordinator": 1}
    off = "torsdag 3. desember kl. 10 er avlyst.*"
    assert "Du trenger ikke å møte." in town.politi_exit.sees(off, in_="tot-bot")
    assert "Ingen trenger å møte." in town.vara_koordinator.sees(off, in_=town.room)
    town.politi_exit.sees("Ligger det i kalenderen din, slett det selv.", in_=town.room)
    town.politi_exit.sees_no(ASKED, but=off)
    town.barnevern.sees("Kan du være med?", "Det er ikke satt noe møte nå.")
    town.koordinator.sees_no("Ring disse", but=off)
    town.koordinator.sees("*Neste møte:* ikke satt ennå", in_=town.room)
    await town.later("3 d")
    town.politi_exit.sees_no("begynte", but=off)


CHANGED = "Møtet er endret siden du åpnet skjemaet."


@story(*BOTH, confirmed=(*CONFIRMED, "vara-koordinator"))
async def test_what_one_coordinator_read_before_the_other_moved_the_meeting_is_not_sent(town: Town) -> None:
    lead, other = town.koordinator, town.vara_koordinator
    await other.types("/tot avlys", in_=town.room)
    await town.moves("fredag kl 12")
    town.rings()
    assert CHANGED in await other.looks_over()
    assert "mandag 7. desember kl. 14" in await other.opens("/tot flytt mandag kl 14", {}, in_=town.room)
    await town.moves("fredag kl 13")
    town.rings()
    assert CHANGED in await other.looks_over(), "although it has been reviewed"
    assert town.rings() == {}
    assert "*Neste møte:* fredag 4. desember kl. 13" in lead.reads(town.room)
    # Another note is no other meeting.
    await other.types("/tot avlys", in_=town.room)
    await lead.does("/tot flytt", {"Dagsorden": "kanarimøtetolk"}, in_=town.room)
    await other.sends()
    lead.sees("fredag 4. desember kl. 13 er avlyst.*")


@story(*BOTH, confirmed=(*CONFIRMED, "vara-koordinator"))
async def test_two_coordinators_do_not_call_the_same_meeting_unseen(town: Town) -> None:
    lead, other, day = town.koordinator, town.vara_koordinator, town.runner.day
    several = {"Når begynner møtet?": day(9), "Flere tider?": day(10)}
    for fields, told in (
        ({}, "Møtet overlapper et annet møte i en sak du er med i."),
        (several, "Tidene som er foreslått fra før, trekkes tilbake sammen med svarene."),
    ):
        for each in (lead, other):
            await each.types("/tot møte fredag kl 12", in_=town.room)
            assert told not in await each.looks_over({"Sted": "Møterom Nord", **fields})
        await lead.steps()
        town.rings()
        again = await other.looks_over()
        assert "Noe er endret siden du så over." in again
        assert again.count(told) == 3, "at the top, in its place, and where «Send» was pressed"
        assert town.rings() == {}
        await other.steps()
        assert town.rings()["politi-exit"] == (1 if fields else 2), "it is theirs to decide"
        await lead.does("/tot fase", {"Fase": "Arbeidsfase"}, in_=town.room)


@story(*BOTH, confirmed=CONFIRMED, answered=CONFIRMED)
async def test_a_next_meeting_is_missed_in_the_acute_phase_and_proposed_by_the_rhythm(town: Town) -> None:
    lead, came = town.koordinator, dict.fromkeys(BOTH, "Møtte")
    await town.until("11:30", days=2)
    await lead.does("/tot oppmøte", came, in_=town.room)
    town.rings()
    await town.until("23:00")
    assert not town.rings()
    await town.later("3 d")
    assert town.rings() == {"koordinator": 1}
    lead.sees("er i akuttfasen uten møte de neste 3 virkedagene")
    assert "Det er ikke satt noe nytt møte." in await lead.looks_at_home()
    assert "(•) I morgen (man. 7. des.) kl. 09:00" in await lead.opens("Sett neste møte", in_="tot-bot")
    await lead.sends()
    assert town.rings() == {"barnevern": 2, "politi-exit": 2}
    lead.sees_no("uten møte", but="politi-exit: Kommer du på møtet i sak")
    await town.until("10:30", days=1)
    await lead.does("/tot oppmøte", came, in_=town.room)
    town.rings()
    await lead.does("/tot fase", {"Fase": "Arbeidsfase", "Møter i arbeidsfasen": "hver uke"}, in_=town.room)
    await town.later("3 d")
    assert town.rings() == {"koordinator": 1}, "once, and nobody else"
    lead.sees("Dere møtes hver uke. Neste blir mandag 14. desember kl. 9, om det passer.")
    # Not while several times for one are proposed.
    times = {"Når begynner møtet?": town.runner.day(3), "Flere tider?": town.runner.day(4)}
    await lead.does("/tot møte", {**times, "Sted": "Møterom Nord"}, in_=town.room)
    lead.sees_no("Dere møtes hver uke", but="Foreslåtte møtetider")
    await lead.picks("Trekk tidene tilbake")
    await lead.puts_away()
    town.rings()
    await lead.presses("Kall inn til dette møtet")
    lead.sees("Når begynner møtet?: 2026-12-14 09:00", "Sted (valgfritt): [ Møterom Nord ▾ ]", in_="modal")
    few = "Det må være minst 3, og minst én må være barnevern, barnevernvakt eller sosiale tjenester (NAV)."
    assert f"Det blir for få tjenester på møtet, selv om alle kommer. {few}" in await lead.looks_over()
    await lead.sends()
    assert few in lead.sees("For få tjenester kommer til møtet.")
    assert town.rings() == {"barnevern": 2, "politi-exit": 2}
    town.politi_exit.sees("mandag 14. desember kl. 9–10\n*Hvor:* Møterom Nord", in_="tot-bot")
    lead.sees_no("ikke noe nytt møte", but="politi-exit: Kommer du på møtet i sak")


@story(
    *BOTH,
    "Bistandsadvokaten",
    when="i kveld kl 20",
    confirmed=("barnevern", "bistandsadvokat"),
    answered=("barnevern",),
)
async def test_what_was_agreed_before_a_move_is_not_lost(town: Town) -> None:
    lead, lawyer = town.koordinator, town.bistandsadvokat
    await lawyer.does("Kan ikke", {"Hvorfor": "borte fra jobb", "i stedet": "Vaktadvokat"})
    await lead.presses("Godkjenn")
    for who in ("Vaktadvokat", "Politiet"):
        await rang(town, who, {**CONFIRMS, **COMES})
    assert "*3 kommer*" in lead.reads(town.room)
    await town.later("5 min")
    town.rings()
    shown = await lead.opens("/tot flytt", {"Når": "30 minutter senere"}, in_=town.room)
    asked, _, rung = shown.partition("*Må få vite det av deg")
    assert "Vaktadvokat" not in asked
    assert "*Har sendt vara. Får vite om flyttingen, og kan komme selv*\n• Bistandsadvokaten" in asked
    assert "Vaktadvokat. Nås ikke her i Slack: 55 00 00 05. · vara" in rung
    assert (
        "• Politiet: @politi-exit (Etterforsker, EXIT), som fikk vite den forrige tiden utenom Slack" in rung
    )
    assert "barnevern" not in rung
    await lead.sends()
    # At once: the deputy is kept, and both people told by telephone must be told again.
    assert town.rings() == {"barnevern": 2, "bistandsadvokat": 1, "koordinator": 1, "politi-exit": 2}
    listed = lead.sees("Ring disse", in_="tot-bot")
    assert (
        listed.count("Må ringes. *Møtet er flyttet* fra tirsdag 1. desember kl. 20. Si fra om ny tid.") == 2
    )
    assert "Vaktadvokat · vara" in listed
    lawyer.sees("Vara: Vaktadvokat")
    await lead.presses("Registrer svar", near="Vaktadvokat", in_="tot-bot")
    assert "Taushetsplikten" not in lead.form, "they have confirmed: one thing is asked"
    await lead.sends(COMES)
    await lead.does("Registrer svar", COMES, near="Politiet", in_="tot-bot")
    await town.barnevern.presses("Jeg kommer")
    assert "*3 kommer*" in lead.reads(town.room)
    # The principal can come after all, and the deputy is removed from the list.
    await lawyer.presses("Jeg kan komme likevel")
    assert "*3 kommer*" in lead.reads(town.room)
    lawyer.sees("Du kommer på møtet")
    lead.sees_no("Vaktadvokat", but="bistandsadvokat: Du kommer på møtet")


@story()
async def test_a_question_that_was_put_anew_before_it_came_is_put_once(town: Town) -> None:
    """Slack accepts nothing for them; they confirm in Home meanwhile."""
    police, workspace = town.politi_exit, town.runner.sandbox.workspace
    theirs = (police.person.id, workspace.direct(workspace.bot.id, police.person.id).id)
    town.meets("5xx_before", "chat.postMessage", times=-1, where=lambda asked: asked["channel"] in theirs)
    await town.opens_case("Politiet")
    await town.later("5 s")
    await town.koordinator.does("/tot flytt fredag kl 12", in_=town.room)
    await police.looks_at_home()
    await police.presses(CONFIRM, in_="home")
    assert not [said for said in police.messages if "Kommer du?" in said]
    town.runner.sandbox.faults.clear()
    await town.later("3 min")
    assert len([said for said in police.messages if "Kommer du?" in said]) == 1
