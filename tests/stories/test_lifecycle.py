"""A case's phases, its pause, its end and who is told, what is on record, and reopening it."""

from __future__ import annotations

from datetime import date

from tests.stories import changed, story
from tests.stories.test_agencies import keeps
from tests.stories.test_ringing import CONFIRMS, rang
from tests.stories.test_roll_call import BEGINS, HERE
from tests.stories.town import Town

BOTH = ("Politiet", "Barneverntjenesten")
IN = ("politi-exit", "barnevern")
CLOSED = "i TOT Bergen er avsluttet.* Takk for hjelpen."
WITHDRAWN = "*Forespørselen fra TOT Bergen er trukket tilbake.* Du trenger ikke å svare."
UNREAD = "Disse leser ikke saksrommet, og må få vite det av deg: UDI."


async def closes(town: Town) -> None:
    await town.koordinator.types("/tot avslutt", in_=town.room)
    await town.koordinator.sends()
    town.koordinator.sees("Saken er avsluttet.", in_="modal")
    await town.koordinator.puts_away()


@story(*BOTH, confirmed=IN)
async def test_the_phase_stands_on_the_card_and_that_it_waits_and_both_ring_nobody(town: Town) -> None:
    await town.koordinator.types("/tot fase", in_=town.room)
    assert "(•) Arbeidsfase" in town.koordinator.form, "the other one is proposed"
    town.koordinator.sees_no("svarfrist", but="Påminnelser i arbeidstiden", in_="modal")
    await town.koordinator.sends({"Møter i arbeidsfasen": "hver uke"})
    town.koordinator.sees("*Fase:* arbeidsfase", "TOT veileder", in_=town.room)
    assert town.rings() == {}
    await town.koordinator.does("/tot fase akutt", in_=town.room)
    assert "*Fase:* akuttfase" in town.card()
    # A paused case is left alone until its day, and then asked about.
    koordinator = town.koordinator
    await koordinator.types("/tot avlys", in_=town.room)
    for told in ("@barnevern (Kontaktperson)", "@politi-exit (Etterforsker, EXIT)"):
        koordinator.sees(told, in_="modal")
    await koordinator.sends()
    town.rings()
    await koordinator.types("/tot vent", in_=town.room)
    for day in (date(2026, 11, 20), date(2028, 1, 3)):
        assert "Neste kontakt" in await koordinator.is_refused({"Neste kontakt": day})
    await koordinator.sends({"Neste kontakt": date(2026, 12, 15), "Tjenesten som tar kontakt": "Politiet"})
    assert "*På vent.* Politiet tar kontakt tirsdag 15. desember" in town.card()
    assert "ikke hjelp" not in town.politi_exit.reads(town.room), "why is the coordinators' alone"
    await town.until("07:59", days=14)
    assert town.rings() == dict.fromkeys(("koordinator", *IN), 1), "the room"
    await town.until("08:01")
    assert town.rings() == {"koordinator": 1, "politi-exit": 1}
    town.politi_exit.sees_no("ikke hjelp", but="I dag er dagen for ny kontakt")
    kept = koordinator.keeps("Ta opp saken igjen", in_="tot-bot")
    await koordinator.presses("Vent videre …")
    await koordinator.sends({"Hvorfor": "Vil tenke seg om", "Neste kontakt": date(2027, 1, 5)})
    assert "Dette gjelder ikke lenger." in await koordinator.presses_kept(kept), "it was another pause"
    assert "tirsdag 5. januar" in town.card()
    assert "*Saken er på vent til tirsdag 5. januar.*" in await koordinator.opens("/tot vent", in_=town.room)
    await koordinator.presses("Ta opp saken igjen")
    await koordinator.puts_away()
    assert "På vent" not in town.card()
    assert "Saken er på vent" not in town.politi_exit.reads(town.room)
    # Closed while it waits, it does not wait any more when it is opened again.
    waits = {"Neste kontakt": date(2027, 1, 5), "Tjenesten som tar kontakt": "Politiet"}
    await koordinator.does("/tot vent", waits, in_=town.room)
    await koordinator.does("/tot ut barnevern", in_=town.room)
    resume = "Ta opp saken igjen"
    assert resume in await koordinator.opens_choices()
    await koordinator.presses(resume)
    assert "På vent" not in town.card()
    assert resume not in await koordinator.opens_choices()
    await koordinator.does("/tot vent", waits, in_=town.room)
    await closes(town)
    await koordinator.does("Åpne saken igjen", {"Sted": "Møterom Nord"}, in_=town.room)
    assert "På vent" not in town.card()


@story(*BOTH, confirmed=IN)
async def test_what_is_on_record_goes_on_its_date(town: Town) -> None:
    koordinator, agencies = town.koordinator, (town.politi_exit, town.barnevern)
    for who in (koordinator, *agencies):
        await who.looks_at_home()
    await closes(town)
    assert town.vara_koordinator.messages == [], "who had not confirmed is asked nothing more"
    closed = f"Sak *{town.code}* · avsluttet, slettes senest torsdag 14. januar · #{town.room}"
    assert closed in koordinator.home
    assert "Åpne saken igjen" in koordinator.offers("home")
    await town.helse.does("/tot kalle", {"Hvor fort bør TOT møtes?": "I dag"})
    first, _, then = koordinator.home.partition("Saker i TOT Bergen")
    assert "Skal TOT kalles sammen?" in first, "today comes before next month"
    assert "har ikke sagt at den er journalført" in then
    for who in agencies:
        waiting = who.home.partition("Venter på deg")[2].partition("Møtene mine")[0]
        assert (
            f"*Sak {town.code} i TOT Bergen er avsluttet.*\n*Har dere journalført det dere skal?*" in waiting
        )
        assert "Svarer dere ikke, venter slettingen til torsdag 14. januar." in waiting
        await who.presses("Journalført hos oss", in_="home")
        assert town.code not in who.home
        await who.presses("Angre")
        who.sees("Har dere journalført det dere skal?", in_="tot-bot")
        await who.presses("Journalført hos oss", in_="tot-bot")
    assert "avsluttet, slettes senest torsdag 31. desember" in koordinator.home
    await town.until("23:00", days=29)
    assert "Sak" in town.card()
    await town.until("03:00", days=1)
    assert town.card() == ""
    assert town.channel(town.room).archived


@story(*BOTH, confirmed=IN)
async def test_what_is_not_on_record_waits_and_is_told_of_twice(town: Town) -> None:
    await closes(town)
    await town.politi_exit.presses("Journalført hos oss")
    town.rings()
    assert await town.rings_at("08:00", days=27) == {"koordinator": 1}
    warning = town.koordinator.sees("kan slettes fra torsdag 31. desember.*")
    assert "Barneverntjenesten har ikke sagt at den er journalført" in warning
    assert "Jeg venter på dem til torsdag 14. januar." in warning
    await town.until("12:00", days=16)
    assert "Sak" in town.card(), "its date is past, and it waits"
    assert town.rings() == {"koordinator": 1}
    await town.jobs_run()
    told = [said for said in town.koordinator.messages if "14. januar" in said]
    assert len(told) == 1, "the earlier reminder is gone"
    assert "slettes torsdag 14. januar.*" in told[0]
    await town.koordinator.presses("Registrer at den er journalført")
    await town.koordinator.presses("Angre", near="Politiet")
    await town.koordinator.presses("Journalført", near="Barneverntjenesten")
    await town.politi_exit.presses("Journalført hos oss")
    await town.later("2 t")
    assert town.card() == ""


@story(*BOTH, confirmed=IN)
async def test_a_guest_who_is_no_contact_any_more_puts_it_on_record_beside_an_open_form(town: Town) -> None:
    town.runner.sandbox.user("politi-exit").is_restricted = True
    await closes(town)
    await keeps(town.koordinator, "Etterforsker, EXIT")
    await town.koordinator.sends({"Mer": ["Ta ut som kontaktperson"]})
    await town.koordinator.puts_away()
    await town.until("08:01", days=27)
    await town.koordinator.presses("Registrer at den er journalført")
    await town.politi_exit.presses("Journalført hos oss")
    await town.koordinator.presses("Journalført", near="Barneverntjenesten")
    for agency in BOTH:
        assert f"*{agency}:* journalført" in town.koordinator.form
    town.politi_exit.sees("Saken er journalført hos dere")
    await town.until("12:00", days=5)
    assert town.card() == "", "it waits for nobody"


@story(*BOTH, confirmed=IN)
async def test_opened_again_it_asks_everybody_anew_and_goes_on_the_new_date(town: Town) -> None:
    koordinator, reopen, recorded = town.koordinator, "Åpne saken igjen", "Journalført hos oss"
    await closes(town)
    await town.politi_exit.presses(recorded)
    town.politi_exit.sees("Saken er journalført hos dere")
    await town.later("10 d")
    for who in (town.politi_exit, town.vara_koordinator, town.utenforstaende):
        assert reopen not in await who.types("/tot")
    assert "[x] Barneverntjenesten [x] Politiet" in await koordinator.opens(reopen, in_=town.room)
    town.rings()
    again = {"Tjenester som spørres på nytt": ["Politiet"], "Sted": "Møterom Nord"}
    await koordinator.looks_over(again)
    koordinator.sees("@politi-exit", "Rommet er det samme", in_="modal")
    await koordinator.sends()
    assert town.inside() == {"koordinator"}, "nobody is in before they have confirmed once more"
    rung = town.rings()
    assert rung["politi-exit"] == 1
    assert "barnevern" not in rung
    town.barnevern.sees_no("trenger", but=CLOSED)
    assert town.barnevern.offers("tot-bot") == [], "nor is anything to be put on record"
    assert "*Saken er åpnet igjen.*" in koordinator.reads(town.room)
    assert "avsluttet" not in koordinator.reads(town.room).casefold(), "what said so has gone"
    assert "*Ikke lenger med:* Barneverntjenesten" in town.card()
    town.politi_exit.sees_no("er avsluttet", but="trenger Politiet")
    await town.politi_exit.confirms()
    assert recorded not in town.politi_exit.offers()
    assert town.inside() == {"koordinator", "politi-exit"}
    await town.politi_exit.presses("Jeg kommer")
    assert "*Politiet:* kommer" in town.card()
    assert "ikke avsluttet" in await koordinator.types("/tot gjenåpne", in_=town.room)
    await koordinator.does("/tot avlys", in_=town.room)
    await town.later("40 d")
    assert "Sak" in town.card(), "the date of deletion has fallen away"
    await closes(town)
    town.politi_exit.sees(CLOSED)
    assert recorded in town.politi_exit.offers("tot-bot"), "it has to be on record anew"
    assert "Tidligst fredag 19. februar" in koordinator.reads(town.room)
    await town.until("03:00", days=30)
    assert "Tidligst fredag 19. februar" not in koordinator.reads(town.room), "a day that is over"
    assert "Tidligst fredag 5. mars" in koordinator.reads(town.room), "it is not on record yet"


@story(*BOTH, "UDI", confirmed=IN)
async def test_closed_again_before_anybody_confirmed_anew_it_still_asks_what_is_on_record(town: Town) -> None:
    koordinator, recorded = town.koordinator, "Journalført hos oss"
    await rang(town, "UDI", CONFIRMS)
    await closes(town)
    await town.politi_exit.presses(recorded)
    await koordinator.does("Åpne saken igjen", {"Sted": "Møterom Nord"}, in_=town.room)
    await town.later("1 min")
    await closes(town)
    await koordinator.looks_at_home()
    koordinator.sees("har ikke sagt at den er journalført", *BOTH, "UDI", in_="home")
    koordinator.sees(UNREAD, "De må også spørres om saken er journalført: UDI.", in_="tot-bot")
    for who in (town.barnevern, town.politi_exit):
        who.sees(CLOSED, "Har dere journalført det dere skal?", in_="tot-bot")
        assert recorded in who.offers("tot-bot")
        assert "Har dere journalført det dere skal?" in await who.looks_at_home()
    await town.barnevern.presses(recorded, in_="tot-bot")
    town.barnevern.sees("Saken er journalført hos dere", in_="tot-bot")
    # Another can be asked, as in every review.
    await koordinator.opens("Åpne saken igjen", {"Sted": "Møterom Nord"}, in_=town.room)
    await koordinator.opens("Spør en annen", {"Spør": "Vakthavende"}, {}, near="Politiet")
    town.politi_exit.sees_no("trenger Politiet", but="politi-vakt: trenger Politiet")


@story(*BOTH, confirmed=IN)
async def test_more_persons_and_one_fewer(town: Town) -> None:
    koordinator = town.koordinator
    await koordinator.types("/tot person", in_=town.room)
    await koordinator.sends({"Hvor mange flere?": "2", "Tjenester som er med også for dem": ["Politiet"]})
    assert "*Personer:* A, B og C" in town.card()
    assert "Saken gjelder nå også B og C" in town.politi_exit.reads(town.room)
    # An agency's part is changed, which rings nobody.
    await koordinator.picks("Endre …", near="*Barneverntjenesten:*")
    assert "Hvilke personer gjelder det?" in await koordinator.is_refused({"Hvilke personer": None})
    part = {"Hvilke personer": ["A", "B"], "Hvorfor": "Et sted å bo", "grunnlag": "Samtykke"}
    assert await town.rings_when(koordinator.sends(part)) == {}
    row = next(line for line in town.card().splitlines() if line.startswith("*Barneverntjenesten:*"))
    assert row.endswith("for A og B")
    assert "Gjelder A og B · et sted å bo · samtykke" in await koordinator.opens("Valg", in_=town.room)
    await koordinator.does("/tot inviter helse", {"Hvilke personer gjelder det?": ["B"]}, in_=town.room)
    await town.helse.confirms()
    assert "helse" in town.inside()
    await koordinator.types("/tot tiltak Politiet", in_=town.room)
    agreed = {"Hva skal gjøres?": "avklare bosted", "Frist": date(2026, 12, 4), "Hvem gjelder": ["A", "B"]}
    await koordinator.sends(agreed)
    await koordinator.types("/tot avslutt B", in_=town.room)
    koordinator.sees("Går ut, for de er bare med for B: Helsetjenesten", in_="modal")
    await koordinator.sends()
    assert town.inside() == {"koordinator", *IN}
    town.helse.sees("*Dere er ferdige i sak")
    assert "*Personer:* A og C" in town.card()
    assert "*Avsluttet for:* B" in town.card()
    for what in ("Ny plassering", "Ny refleksjonsperiode"):
        await koordinator.types("/tot frist", in_=town.room)
        await koordinator.presses(what)
        assert koordinator.choices("Hvem ") == ["A", "C"]
    await koordinator.types("/tot tiltak Politiet", in_=town.room)
    assert koordinator.choices("Hvem gjelder") == ["A", "C"]
    assert town.rings()["helse"] >= 1
    await koordinator.types("/tot avslutt B", in_=town.room)
    koordinator.sees_no("bare for B", but="Går ut, for de er bare med for C: ingen")
    assert "• avklare bosted · A og B · frist" in town.card()
    await koordinator.presses("Alle tiltak", in_=town.room)
    await koordinator.does("Endre frist eller tjeneste", {"Ansvarlig tjeneste": "Barneverntjenesten"})
    assert "• avklare bosted · A · frist" in town.card(), "who takes it over does so for those who are left"


@story("Politiet", confirmed=("politi-exit", "vara-koordinator"), fields={"Hvor mange personer": "2"})
async def test_two_who_change_the_persons_at_once_leave_the_last_one_and_add_one_once(town: Town) -> None:
    koordinator, what = town.koordinator, "Hva skal avsluttes?"
    await koordinator.types("/tot avslutt", in_=town.room)
    await town.vara_koordinator.does("/tot avslutt B", in_=town.room)
    for person, why in (
        ("B", "Velg en person som saken fortsatt gjelder."),
        ("A", "Dette er den siste personen i saken. Velg hele saken."),
    ):
        assert await koordinator.is_refused({what: f"Bare for {person}"}) == {what: why}
    assert "*Person:* A" in town.card()
    # Nor is a date set for somebody for whom it has been closed meanwhile.
    placed = {"Hvem plasseres?": "A", "Fra": date(2026, 12, 2), "Til": date(2026, 12, 9)}
    await town.vara_koordinator.does("/tot person", {"Hvor mange flere?": "1"}, in_=town.room)
    await koordinator.types("/tot frist", in_=town.room)
    await koordinator.presses("Ny plassering")
    await town.vara_koordinator.does("/tot avslutt A", in_=town.room)
    closed = "Velg en person som saken fortsatt gjelder."
    assert await koordinator.is_refused(placed) == {"Hvem plasseres?": closed}
    assert "*Person:* C" in town.card()
    await town.vara_koordinator.types("/tot person", in_=town.room)
    await koordinator.does("/tot person", {"Hvor mange flere?": "1"}, in_=town.room)
    assert "Noen andre var først." in await town.vara_koordinator.looks_over()
    assert "*Personer:* C og D" in town.card()
    # Nor are there more persons than letters, the closed ones too.
    await koordinator.does("/tot person", {"Hvor mange flere?": "22"}, in_=town.room)
    await koordinator.types("/tot person", in_=town.room)
    assert [*await koordinator.is_refused({"Hvor mange flere?": "1"})] == ["Hvor mange flere?"]


@story(*BOTH, confirmed=IN)
async def test_an_agencys_part_ends_with_all_that_is_its_own(town: Town) -> None:
    koordinator, day = town.koordinator, "tirsdag 15. desember"
    waits = {"Neste kontakt": date(2026, 12, 15), "Tjenesten som tar kontakt": "Politiet"}
    await koordinator.does("/tot vent", waits, in_=town.room)
    assert "mister tilgangen" not in await koordinator.opens("/tot ut", in_=town.room)
    await koordinator.steps({"Tjeneste": "Politiet"})
    loses = "Politiet mister tilgangen med en gang.* @politi-exit"
    koordinator.sees(loses, f"Tjenesten skulle ta kontakt {day}.", in_="modal")
    assert "Barneverntjenesten" not in koordinator.form
    assert "politi-exit" in town.inside()
    town.rings()
    await koordinator.sends()
    assert town.inside() == {"koordinator", "barnevern"}
    assert ["*Dere er ferdige i sak" in text for text in town.politi_exit.messages] == [True]
    rung = town.rings()
    assert set(rung) == {"politi-exit"}, "the card says it to the others, and no phone rings"
    assert "*Ikke lenger med:* Politiet" in town.card()
    assert "Politiet:" not in town.card()
    for told in (town.card(), town.barnevern.sees("*Saken er på vent.*")):
        assert f"@koordinator tar kontakt {day}" in told
    await town.later("1 d")
    assert "politi-exit" not in town.rings()
    await koordinator.does("/tot inviter politiet", in_=town.room)
    assert "politi-exit" not in town.inside(), "taushetsplikt is confirmed anew"
    await town.politi_exit.confirms()
    assert "politi-exit" in town.inside()
    assert "*Politiet:* har ikke svart" in town.card()
    await town.until("08:01", days=13)
    koordinator.sees("I dag er dagen for ny kontakt", f"@koordinator skulle ta kontakt {day}.")
    proposed = await koordinator.opens("Vent videre …")
    assert "Tjenesten som tar kontakt: [ velg ▾ ]" in proposed, "nobody is"


@story(*BOTH, confirmed=(*IN, "vara-koordinator"))
async def test_who_leaves_the_room_is_asked_whether_their_part_is_over(town: Town) -> None:
    await town.politi_exit.leaves()
    town.politi_exit.sees("Er du ferdig i saken?")
    # They are let be until they answer, whatever happens in the case meanwhile.
    await town.barnevern.presses("Jeg kommer", in_="tot-bot")
    await town.later("2 t")
    assert "politi-exit" not in town.inside()
    assert "@politi-exit er ikke i rommet" in town.card()
    await town.politi_exit.presses("Nei, ta meg inn igjen", in_="tot-bot")
    assert "ikke i rommet" not in town.card()
    assert "politi-exit" in town.inside()
    town.politi_exit.sees_no("Er du ferdig i saken?", but="Kommer du på møtet")
    # Whom somebody else lets in again is not asked any more.
    await town.politi_exit.leaves()
    await town.koordinator.invites("politi-exit", town.room)
    town.politi_exit.sees_no("Er du ferdig i saken?", but="Kommer du på møtet")
    # So is somebody who says that they come.
    await town.politi_exit.leaves()
    await town.politi_exit.presses("Jeg kommer", in_="tot-bot")
    assert "politi-exit" in town.inside()
    town.politi_exit.sees_no("Er du ferdig i saken?", but="Du kommer")
    for person in (town.politi_exit, town.vara_koordinator):
        await person.leaves()
        await person.presses("Ja, jeg er ferdig")
    assert town.inside() == {"koordinator", "barnevern"}
    town.koordinator.sees(":warning: *@politi-exit (Politiet) har sagt seg ferdig")
    assert "*Koordinerer:* @koordinator\n" in town.card()
    # A coordinator can leave only while another is there.
    await town.koordinator.leaves()
    await town.koordinator.presses("Ja, jeg er ferdig")
    assert any("koordinator" in text for text in (*town.koordinator.whispers, *town.koordinator.messages))
    await town.koordinator.presses("Nei, ta meg inn igjen")
    assert "koordinator" in town.inside()
    assert "*Ikke lenger med:* Politiet" in town.card()
    town.politi_exit.sees_no("Møterom Nord", but="ferdig")
    await town.koordinator.makes_public(town.room)
    town.barnevern.sees_no("Er du ferdig i saken?", but="Saksrommet kan ikke brukes nå")


#: Social services and health have the same single contact.
one_for_both = changed(
    ("U0SOSIALTJ", "U0HELSE"), ("kontakt@sosialtjenesten.example", "kontakt@helse.example")
)
HERS = ("Sosialtjenesten", "Helsetjenesten")


@story(*HERS, when="i dag kl 10", partners=one_for_both, confirmed=("helse", "helse"))
async def test_who_is_there_for_two_agencies_says_for_which_or_comes_for_both(town: Town) -> None:
    await town.koordinator.does("/tot tiltak behov", {"Behov": ["Et sted å bo"]}, {}, in_=town.room)
    await town.helse.presses("Vi tar ansvar", in_=town.room)
    assert set(town.helse.choices("Ansvarlig tjeneste")) == set(HERS)
    await town.helse.sends({"Ansvarlig tjeneste": "Helsetjenesten"})
    assert "Et sted å bo: Helsetjenesten" in town.card()
    await town.until("10:00:01")
    await town.helse.presses(HERE, in_=town.room)
    here = (f"{agency} (@helse), kl. 10:00" for agency in HERS)
    town.koordinator.sees(BEGINS, *here, "*Alle tjenestene er her.*")
    await town.helse.leaves()
    asked = [text for text in town.helse.messages if "Du har gått ut av saksrommet" in text]
    assert len(asked) == 2
    for agency in HERS:
        assert [f"Er oppgaven din for {agency} over?" in text for text in asked].count(True) == 1
    await town.helse.presses("Ja, jeg er ferdig", near="for Sosialtjenesten over")
    assert "*Ikke lenger med:* Sosialtjenesten" in town.card()
    town.helse.sees("Er du ferdig i saken?*\nSvarer du ja, mister du tilgangen")
    town.helse.sees("Du er ferdig i én av rollene dine i sak", "Du har fortsatt tilgang i en annen.")
    await town.helse.presses("Nei, ta meg inn igjen")
    assert "helse" in town.inside()
    await town.koordinator.does("/tot ut helse", in_=town.room)
    assert "helse" not in town.inside()


@story(*BOTH, confirmed=("vara-koordinator",))
async def test_a_coordinator_leaves_the_room_of_a_closed_case_while_another_has_it(town: Town) -> None:
    koordinator, vara = town.koordinator, town.vara_koordinator
    await closes(town)
    await vara.leaves()
    await town.jobs_run()
    assert town.inside() == {"koordinator"}
    await koordinator.does("Åpne saken igjen", {"Sted": "Møterom Nord"}, in_=town.room)
    assert town.inside() == {"koordinator", "vara-koordinator"}, "a case that goes on lets them in again"
    await closes(town)
    await vara.leaves()
    await vara.presses("Nei, ta meg inn igjen")
    assert town.inside() == {"koordinator", "vara-koordinator"}
    await vara.leaves()
    await vara.presses("Ja, jeg er ferdig")
    assert town.code not in await vara.looks_at_home()
    await koordinator.leaves()
    over = koordinator.keeps("Ja, jeg er ferdig")
    assert "minst én koordinator" in await koordinator.presses_kept(over)
    await koordinator.looks_at_home()
    await koordinator.does("Åpne saken igjen", {"Sted": "Møterom Nord"}, in_="home")
    assert town.inside() == {"koordinator"}
    koordinator.sees_no("Er du ferdig i saken?", but="vara-koordinator: Det er opprettet en sak")


@story(*BOTH, "UDI", "Helsetjenesten", confirmed=(*IN, "vara-koordinator"))
async def test_closing_ends_it_for_all_others_and_coordinators_learn_whom_nobody_tells(town: Town) -> None:
    koordinator = town.koordinator
    await rang(town, "UDI", CONFIRMS)
    await town.koordinator.types("/tot fase", in_=town.room)
    koordinator.sees("Si fra til UDI, som ikke leser rommet.", in_="modal")
    await koordinator.types("/tot avslutt", in_=town.room)
    for told in (
        "Møtet torsdag 3. desember kl. 10. Det blir avlyst.",
        "Mister tilgangen: @",
        "@politi-exit",
        "Sletting tidligst torsdag 31. desember",
    ):
        koordinator.sees(told, in_="modal")
    assert "@helse" not in koordinator.form, "only who has the room loses it"
    await koordinator.sends()
    koordinator.sees(UNREAD, in_="tot-bot")
    town.helse.sees(WITHDRAWN, "Taushetsplikten gjelder også at du ble spurt.")
    for who in (town.politi_exit, town.barnevern):
        told = who.sees(f"*Sak {town.code} i TOT Bergen er avsluttet.* Takk for hjelpen.")
        assert "Ligger det i kalenderen din, slett det selv." in told
        assert "Lurer du på noe, spør @koordinator." in told
        assert "Møterom Nord" not in told
        assert who.messages == [told], "nothing else is left with them"
    assert town.inside() == {"koordinator", "vara-koordinator"}
    rung = town.rings()
    assert {handle: rung[handle] for handle in ("barnevern", "helse", "politi-exit")} == dict.fromkeys(
        (*IN, "helse"), 1
    )
    other = UNREAD.replace("deg", "@koordinator")
    town.vara_koordinator.sees(other, "De må også spørres om saken er journalført: UDI.", in_="tot-bot")
    assert "Alle andre enn koordinatorene er tatt ut av rommet." in koordinator.reads(town.room)
    assert "*Avsluttet tirsdag 1. desember.*" in town.card()
    assert "Saken er avsluttet" in await koordinator.types("/tot avslutt", in_=town.room) + koordinator.form
    await town.later("10 d")
    assert town.rings() == {}, "no meeting, no answer, no register is waited for"


@story(*BOTH, confirmed=IN)
async def test_a_room_that_was_archived_is_replaced_when_the_case_is_opened_again(town: Town) -> None:
    await closes(town)
    old = town.room
    await town.koordinator.archives(old)
    await town.koordinator.looks_at_home()
    await town.koordinator.presses("Åpne saken igjen", in_="home")
    assert "nytt rom og en ny kode" in await town.koordinator.looks_over({"Sted": "Møterom Nord"})
    await town.koordinator.sends()
    assert town.room != old
    assert town.inside() == {"koordinator"}
    assert f"Sak {town.code}" in town.card()
    await town.politi_exit.confirms()
    assert town.inside() == {"koordinator", "politi-exit"}
