"""Actions, needs, placements and deadlines: agreed, told, reminded of, handed over, ended."""

from __future__ import annotations

import re
from datetime import date

from tests.stories import story
from tests.stories.test_ringing import CONFIRMS, rang
from tests.stories.town import Town

TWO = ("Politiet", "Sosialtjenesten")
IN = ("politi-exit", "sosialtjenesten")
NEW = "Nytt tiltak for Politiet"


async def agrees(town: Town, text: str = "avklare bosted", due: date = date(2026, 12, 4)) -> None:
    what = {"Hva skal gjøres?": text, "Frist": due}
    await town.koordinator.does("/tot tiltak Politiet", what, in_=town.room)


@story(*TWO, confirmed=IN)
async def test_the_owner_is_told_reminded_and_ends_it(town: Town) -> None:
    await agrees(town)
    assert town.rings() == {"politi-exit": 1}
    town.politi_exit.sees(NEW, "avklare bosted · frist fre. 4. des.")
    assert "*Tiltak:* 1 åpent\n*Politiet*\n• avklare bosted · frist fre. 4. des." in town.card()
    assert "*Først på dagsordenen:* de åpne tiltakene" in town.card()
    assert "*Først på dagsordenen:*" in town.politi_exit.sees("Kommer du på møtet")
    town.sosialtjenesten.sees_no(NEW, but="politi-exit: Nytt tiltak for Politiet")
    await town.koordinator.does("/tot avlys", in_=town.room)
    assert "*Neste møte:* ikke satt ennå" in town.card()
    assert "Det er ikke satt noe nytt møte" not in town.card()
    await town.until("07:59", days=3)
    before = len(town.politi_exit.messages)
    await town.until("08:01")
    assert len(town.politi_exit.messages) == before + 1
    town.politi_exit.sees("fristen er i dag")
    await town.politi_exit.presses("Utført", near="fristen er i dag")
    assert "1 åpent" not in town.card()
    assert "avklare bosted" not in "".join(text for text in town.politi_exit.messages if "fristen er" in text)
    await town.later("10 d")
    town.politi_exit.sees_no("over fristen", but="avlyst")


@story(*TWO, confirmed=IN)
async def test_it_is_handed_over_and_the_day_moved(town: Town) -> None:
    await agrees(town)
    koordinator = town.koordinator
    await koordinator.presses("Alle tiltak", in_=town.room)
    await koordinator.presses("Endre frist eller tjeneste")
    assert "Velg en annen dag" in str(await koordinator.is_refused())
    await koordinator.steps({"Ansvarlig tjeneste": "Sosialtjenesten", "Frist": date(2026, 12, 6)})
    koordinator.sees("Mange har fri den dagen.", in_="modal")
    town.sosialtjenesten.sees("Sosialtjenesten har overtatt et tiltak")
    town.sosialtjenesten.sees("*Før:* Politiet, frist fredag 4. desember")
    town.politi_exit.sees("*Endret:* nå Sosialtjenesten, frist søndag 6. desember")
    assert "Utført" not in town.politi_exit.offers("tot-bot")
    assert town.rings()["sosialtjenesten"] == 1
    await town.sosialtjenesten.does("Endre frist eller tjeneste", {"Frist": date(2026, 12, 14)})
    assert "• avklare bosted · frist man. 14. des." in town.card()
    assert "politi-exit" not in town.rings()
    # One that is a need has no words of its own.
    need = {"Hvilket behov?": "Beskyttelse", "Frist": date(2026, 12, 7)}
    await koordinator.does("/tot tiltak Politiet", need, in_=town.room)
    await town.politi_exit.does("Endre frist eller tjeneste", {"Frist": date(2026, 12, 8)})
    assert "• Avklar: beskyttelse · frist tir. 8. des." in town.card()
    await koordinator.does("/tot avslutt", in_=town.room)
    closed = town.sosialtjenesten.sees("er avsluttet.*")
    assert "Åpne tiltak følges ikke lenger opp her. Dere gjør dem ferdig hos dere." in closed


@story(*TWO, confirmed=IN)
async def test_what_cannot_be_agreed_is_said_and_several_in_one_go_are_one_message(town: Town) -> None:
    koordinator = town.koordinator
    opened = await koordinator.opens("/tot tiltak Politiet ring Kari", in_=town.room)
    assert "Kari" not in opened, "what is typed after the word has not passed the guard"
    good = {"Hva skal gjøres?": "avklare vakthold", "Ansvarlig": "Politiet"}
    for day in (date(2026, 11, 23), date(2027, 12, 24)):
        assert list(await koordinator.is_refused({**good, "Frist": day})) == ["Frist"]
    await koordinator.steps({"Frist": date(2026, 12, 24)})
    koordinator.sees("Tiltaket er notert for Politiet i sak", "Mange har fri den dagen.", in_="modal")
    assert "avklare vakthold · frist tor. 24. des." in town.card()
    assert "2026-12-24" in await koordinator.opens("Ett til")
    assert "Ansvarlig tjeneste: [ velg ▾ ]" in koordinator.form, "the next one may be another's"
    await koordinator.sends({"Ansvarlig": "Politiet", "Hva skal gjøres?": "avtale avhør"})
    town.politi_exit.sees("avtale avhør", "avklare vakthold", in_="tot-bot")
    assert town.rings() == {"politi-exit": 1}
    gone = {"Hvordan gikk det?": "Lot seg ikke gjøre"}
    await town.politi_exit.does("Annet utfall", gone, in_="tot-bot", near="avtale avhør")
    assert "avtale avhør" not in town.card()
    # An action is about persons for whom the agency takes part.
    one_more = {"Hvor mange flere": "1", "Tjenester som er med også for dem": []}
    await koordinator.does("/tot person", one_more, in_=town.room)
    await koordinator.types("/tot tiltak Politiet", in_=town.room)
    fields = {"Hva skal gjøres?": "avklare bosted", "Frist": date(2026, 12, 4)}
    wrong = await koordinator.is_refused({**fields, "Hvem gjelder det?": ["B"]})
    assert list(wrong) == ["Hvem gjelder det?"]


@story(*TWO, confirmed=IN)
async def test_needs_are_noted_taken_once_and_free_again_when_their_agency_leaves(town: Town) -> None:
    await town.koordinator.picks("Behov")
    await town.koordinator.steps({"Behov": ["Beskyttelse", "Et sted å bo"]})
    assert "*Et sted å bo: ingen har tatt ansvar for dette*" in town.card()
    await town.koordinator.steps({"Beskyttelse": "Politiet"})
    assert "*Et sted å bo: ingen har tatt ansvar for dette*" in town.card()
    assert "Beskyttelse: Politiet" in town.card()
    await town.sosialtjenesten.presses("Vi tar ansvar", in_=town.room)
    assert "Et sted å bo: Sosialtjenesten" in town.card()
    assert "Vi tar ansvar" not in town.politi_exit.offers(town.room)
    await town.koordinator.does("/tot ut sosial", in_=town.room)
    assert "*Et sted å bo: ingen har tatt ansvar for dette*" in town.card()
    # A coordinator says whose it is; one that is no need any more goes.
    await town.koordinator.does("Vi tar ansvar", {"Ansvarlig tjeneste": "Politiet"}, in_=town.room)
    assert "• Avklar: et sted å bo · frist " in town.card()
    assert "Et sted å bo: Politiet" in town.card()
    await town.koordinator.does("/tot tiltak behov", {"Behov": ["Et sted å bo"]}, {}, in_=town.room)
    assert "Beskyttelse" not in town.card()
    assert "Et sted å bo: Politiet" in town.card()
    # Whoever has agreed an action for a need has the need.
    needs = {"Behov": ["Et sted å bo", "Advokat"]}
    await town.koordinator.does("/tot tiltak behov", needs, {}, in_=town.room)
    assert "*Advokat: ingen har tatt ansvar for dette*" in town.card()
    agreed = {"Hvilket behov?": "Advokat", "Frist": date(2026, 12, 4)}
    await town.koordinator.does("/tot tiltak Politiet", agreed, in_=town.room)
    assert "Advokat: Politiet" in town.card()


@story(*TWO, confirmed=IN)
async def test_a_form_that_was_open_meanwhile_takes_nothing_from_who_was_first(town: Town) -> None:
    koordinator, first = town.koordinator, "Noen andre var først"
    await koordinator.does("/tot tiltak behov", {"Behov": ["Beskyttelse", "Et sted å bo"]}, {}, in_=town.room)
    await koordinator.opens("/tot tiltak behov", {}, in_=town.room)
    await town.politi_exit.presses("Vi tar ansvar", in_=town.room, near="Beskyttelse")
    await koordinator.sends({"Beskyttelse": "Sosialtjenesten"})
    koordinator.sees(first, "Fortsett der du slapp", in_="modal")
    await koordinator.opens("/tot tiltak behov", {}, in_=town.room)
    await town.sosialtjenesten.presses("Vi tar ansvar", in_=town.room)
    await koordinator.sends()
    assert first not in koordinator.form, "what stands as it was shown is left as it is"
    assert "Beskyttelse: Politiet" in town.card()
    assert "Et sted å bo: Sosialtjenesten" in town.card()


@story(*TWO, "Barneverntjenesten", confirmed=(*IN, "barnevern"))
async def test_an_agency_agrees_its_own_and_nobody_ends_anothers(town: Town) -> None:
    await agrees(town)
    await town.barnevern.types("/tot tiltak", in_=town.room)
    assert "Ansvarlig tjeneste: [ Barneverntjenesten ▾ ]" in town.barnevern.form
    assert not any("Politiet" in option for option in town.barnevern.choices("Ansvarlig tjeneste"))
    await town.barnevern.sends({"Hva skal gjøres?": "snakke med skolen", "Frist": date(2026, 12, 7)})
    assert "*Tiltak:* 2 åpne" in town.card()
    assert "avklare bosted" in await town.barnevern.opens("Alle tiltak", in_=town.room)
    assert town.barnevern.offers().count("Utført") == 1, "only their own"
    await town.barnevern.presses("Utført")
    assert "snakke med skolen" not in town.barnevern.form, "the list goes on without it"
    assert "avklare bosted" in town.barnevern.form


@story(*TWO, confirmed=IN)
async def test_the_late_one_stands_first_and_how_they_ended_is_told_apart(town: Town) -> None:
    koordinator, texts = town.koordinator, ("avklare bosted", "avtale avhør", "skaffe tolk", "ringe skolen")
    for text, day in zip(texts, (3, 4, 14, 15), strict=True):
        await agrees(town, text, date(2026, 12, day))
    assert "… og 1 til" in town.card()
    await koordinator.does("/tot avlys", in_=town.room)
    assert town.politi_leder.messages == []
    await town.until("09:00", days=9)
    # An action that nobody does goes to the leader and to the coordinator.
    town.politi_leder.sees_no(town.code, but="politi-exit: fristen var")
    assert len(town.politi_leder.messages) == 2, "once for each"
    koordinator.sees_no("purret", but="har tiltak over fristen", in_="tot-bot")
    await koordinator.presses("Sett neste møte", in_="tot-bot")
    assert koordinator.form.startswith("Kall inn til møte"), "nor has the acute case a meeting ahead"
    late = town.politi_exit.sees("fristen var torsdag 3. desember")
    await town.until("09:00", days=2)
    assert town.politi_exit.sees("fristen var torsdag 3. desember") == late, "true however late it is read"
    assert ":red_circle: avklare bosted" in await town.politi_exit.looks_at_home()
    assert "Ingenting venter på deg" not in town.politi_exit.home
    assert "Tiltak:* 4 åpne, 2 over fristen" in await koordinator.looks_at_home()
    await town.jobs_run()
    assert "*Tiltak:* 4 åpne, 2 over fristen" in town.card(), "within the hour, though nothing has changed"
    await ends(town, "ringe skolen", "Utført")
    rows = [line for line in town.card().splitlines() if line.startswith("• ") and "frist" in line]
    assert [text in row for text, row in zip(texts, rows, strict=False)] == [True] * 3, rows
    assert [":red_circle:" in row for row in rows] == [True, True, False]
    assert "*Tiltak:* 3 åpne, 2 over fristen" in town.card()
    await ends(town, "avklare bosted", "Lot seg ikke gjøre")
    await ends(town, "avtale avhør", "Ikke utført av tjenesten")
    assert "1 utført · 1 lot seg ikke gjøre, forholdene er endret · 1 ikke utført av" in town.card()


@story(*TWO, confirmed=IN)
async def test_where_no_agency_is_left_nothing_can_be_agreed_and_what_was_is_ended(town: Town) -> None:
    lead, each = town.koordinator, "*Hver tjeneste i saken*"
    await agrees(town)
    assert each in await lead.opens("Valg", in_=town.room)
    for agency in TWO:
        await lead.does(f"/tot ut {agency}", in_=town.room)
    assert each not in await lead.opens("Valg", in_=town.room)
    for word in ("tiltak", "ut", "vent"):
        assert "Ingen tjenester er med i saken nå." in await lead.types(f"/tot {word}", in_=town.room)
    assert "Ingen er spurt til møtet ennå." in await lead.types("/tot ring", in_=town.room)
    await lead.presses("Alle tiltak", in_=town.room)
    await lead.presses("Endre frist eller tjeneste")
    lead.sees("ingen andre er med for de samme personene")
    await ends(town, "avklare bosted", "Lot seg ikke gjøre")
    assert "Avsluttede tiltak: 1 lot seg ikke gjøre" in town.card()
    await town.until("10:01", days=2)
    lead.sees("Ingen tjenester har møteplikt til dette møtet.", in_=town.room)
    lead.sees_no("Nok tjenester er her", but="Ingen tjenester har møteplikt", in_=town.room)
    await lead.does("/tot avlys", in_=town.room)
    await lead.does("/tot avslutt", in_=town.room)
    assert "Ingen tjeneste var med" in await lead.types("/tot gjenåpne", in_=town.room)


async def ends(town: Town, text: str, how: str) -> None:
    await town.koordinator.presses("Alle tiltak", in_=town.room)
    if how == "Utført":
        await town.koordinator.presses(how, near=text)
    else:
        await town.koordinator.does("Annet utfall", {"Hvordan gikk det?": how}, near=text)


THREE = ("Politiet", "Barneverntjenesten", "UDI")
POLICE_AND_WELFARE = ("politi-exit", "barnevern")


@story(*THREE, confirmed=POLICE_AND_WELFARE)
async def test_dates_that_cannot_stand_and_the_planning_before_the_end_of_one_that_can(town: Town) -> None:
    await town.koordinator.types("/tot frist", in_=town.room)
    await town.koordinator.presses("Ny plassering")
    for starts, ends in (
        (date(2026, 12, 2), date(2026, 12, 2)),
        (date(2026, 12, 2), date(2027, 6, 3)),
        (date(2026, 6, 1), date(2026, 11, 27)),
        (date(2028, 6, 1), date(2028, 11, 20)),
    ):
        assert await town.koordinator.is_refused({"Fra": starts, "Til": ends}), (starts, ends)
    # Eight weeks before the end a planning meeting is proposed, if there is that much time.
    await town.koordinator.sends({"Fra": date(2026, 12, 2), "Til": date(2027, 1, 28)})
    await town.until("07:59", days=2)
    assert "planmøte" not in "".join(town.koordinator.messages)
    await town.until("08:01")
    await town.koordinator.presses("Sett neste møte", in_="tot-bot", near="planmøte")
    town.koordinator.sees("Kall inn til møte", in_="modal")
    town.barnevern.sees_no("planmøte", but="koordinator: planmøte")
    await town.koordinator.types("/tot frist", in_=town.room)
    await town.koordinator.presses("Ny plassering")
    twice = await town.koordinator.is_refused({"Fra": date(2026, 12, 4), "Til": date(2027, 6, 3)})
    assert twice == {"Hvem plasseres?": "Personen har allerede en plassering. Avslutt den først."}
    # Another decision moves the end; that they last too long together is pointed out.
    await town.koordinator.types("/tot frist", in_=town.room)
    await town.koordinator.presses("Forlenget")
    assert await town.koordinator.is_refused({"Til": date(2027, 1, 28)})
    shown = await town.koordinator.looks_over({"Til": date(2027, 6, 3)})
    assert "Vedtakene for A varer til sammen mer enn 6 måneder." in shown
    await town.koordinator.steps()
    assert "*Plassering av A:* onsdag 2. desember til torsdag 3. juni" in town.card()
    assert set(POLICE_AND_WELFARE) <= set(town.rings()), "the room is told, as of a new one"


@story(*THREE, confirmed=POLICE_AND_WELFARE)
async def test_a_placement_is_told_and_its_end_until_somebody_says_what_comes_after(town: Town) -> None:
    koordinator = town.koordinator
    await rang(town, "UDI", CONFIRMS)
    placement = {"Fra": date(2026, 12, 2), "Til": date(2026, 12, 9)}
    await koordinator.does("/tot frist", "Ny plassering", placement, in_=town.room)
    assert "*Plassering av A:* onsdag 2. desember til onsdag 9." in town.politi_exit.reads(town.room)
    koordinator.sees("Disse leser ikke saksrommet, og må få vite det av deg: UDI.", in_="tot-bot")
    assert set(town.rings()) == {"koordinator", *POLICE_AND_WELFARE}
    await koordinator.does("/tot avlys", in_=town.room)
    await town.until("08:01", days=7)
    town.barnevern.sees_no("Plasseringen av A i sak", but="koordinator: Plasseringen av A i sak")
    await koordinator.presses("Avklart eller opphevet", in_="tot-bot")
    assert "*Plasseringen av A er avsluttet.*" in town.politi_exit.reads(town.room)
    await town.later("20 d")
    assert [t for t in koordinator.messages if re.search("Plasseringen av A i sak .{6} var(er|te)", t)] == []


@story(*THREE, confirmed=POLICE_AND_WELFARE)
async def test_an_agencys_own_deadline_is_seen_by_nobody_else(town: Town) -> None:
    exit_ = town.politi_exit
    await exit_.types("/tot frist", in_=town.room)
    await exit_.presses("Ny frist i egen tjeneste")
    assert await exit_.is_refused({"Hva er fristen for?": "ring 41 23 45 67", "Frist": date(2026, 12, 4)})
    assert await exit_.is_refused({"Hva er fristen for?": None})
    await exit_.steps({"Hva er fristen for?": "begjære kanarifrist"})
    exit_.sees("fredag 4. desember", in_="modal")
    await exit_.puts_away()
    await town.until("08:01", days=2)
    exit_.sees("begjære kanarifrist", in_="tot-bot")
    for other in (town.koordinator, town.barnevern, town.politi_leder, town.utenforstaende):
        other.sees_no("kanarifrist", but="politi-exit: kanarifrist")
    await exit_.presses("Ferdig")
    exit_.sees_no("kanarifrist", but="møtet")
    # One that is not due yet is ended from the list.
    await exit_.types("/tot frist", in_=town.room)
    await exit_.presses("Ny frist i egen tjeneste")
    await exit_.sends({"Hva er fristen for?": "be om kanarinemnd", "Frist": date(2026, 12, 10)})
    await exit_.types("/tot frist", in_=town.room)
    await exit_.presses("Ferdig", near="be om kanarinemnd")
    assert exit_.offers() == ["Ny frist i egen tjeneste"], "the list goes on without it"
    await town.until("08:01", days=7)
    exit_.sees_no("kanarinemnd", but="møtet")


@story(*THREE, confirmed=POLICE_AND_WELFARE)
async def test_a_reflection_period_is_the_coordinators_and_reminded_of(town: Town) -> None:
    koordinator = town.koordinator
    await koordinator.types("/tot frist", in_=town.room)
    await koordinator.presses("Ny refleksjonsperiode")
    await koordinator.sends({"Frist" if "Frist:" in koordinator.form else "Til": date(2027, 5, 24)})
    assert "24. mai" in town.card()
    await koordinator.does("/tot avlys", in_=town.room)
    await town.until("12:00", days=180)
    told = [text for text in koordinator.messages if "efleksjon" in text]
    assert told
    town.barnevern.sees_no("efleksjonsperioden går ut", but="koordinator: efleksjon")
