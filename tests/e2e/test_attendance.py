"""The meeting through the front door: roll call, too few, chair, register, minutes, who stays away."""

from __future__ import annotations

from datetime import timedelta

from sandbox.exercises import steps
from sandbox.exercises.runner import ExerciseRunner
from sandbox.people.person import Person
from tests.e2e import kit

HERE, NOT_YET = "Jeg er til stede", "Ikke kommet ennå"
LEADS = {"Oppmøte", "Registrer andre her", "Velg møteleder"}
CHAIRS = "Dette er det møtelederen eller koordinatoren som gjør."
LINK = {"Lenke til videomøte": "https://meet.example.no/tot-bergen"}
FIVE = ("Politiet", "Barneverntjenesten", "Sosialtjenesten", "Helsetjenesten", "UDI")
ON_SLACK = ("politi-exit", "barnevern", "sosialtjenesten", "helse")


async def begins(runner: ExerciseRunner, *agencies: str, **fields: str) -> str:
    """A case whose meeting begins now, in a room of confirmed people; the name of its room."""
    room = await kit.open_case(runner, *(agencies or FIVE), **{**LINK, **fields})
    await kit.confirm(runner, *ON_SLACK, "vara-koordinator")
    for handle in ("politi-exit", "barnevern"):
        await kit.press(runner, handle, "Jeg kommer")
    await runner.until(runner.day(2, "09:59"))
    assert not [m for m in runner.person("koordinator").messages(room) if "hvem er her" in m.text]
    await runner.until(runner.day(0, "10:00") + timedelta(seconds=1))
    return room


async def presses(
    runner: ExerciseRunner, handle: str, label: str, room: str, near: str | None = None
) -> None:
    await runner.person(handle).presses(label, in_=room, near=near)
    await runner.until_idle()


async def opens_choices(runner: ExerciseRunner, handle: str, room: str) -> Person:
    person = runner.person(handle)
    await person.presses("Valg", in_=room)
    await person.sees_modal("Valg i saken")
    return person


async def offered(runner: ExerciseRunner, handle: str, room: str) -> set[str]:
    """The labels of the buttons in somebody's «Valg», and behind «Flere valg»."""
    person = await opens_choices(runner, handle, room)
    first = labels(person)
    await person.presses("Flere valg")
    await kit.until(lambda: "Flere valg" not in labels(person))
    found = first | labels(person)
    await person.closes()
    return found


def labels(person: Person) -> set[str]:
    assert person.modal is not None
    elements = [e for b in person.modal.view.blocks for e in b.get("elements", ())]
    return {e["text"]["text"] for e in elements if e["type"] == "button"}


async def leads(runner: ExerciseRunner, handle: str, label: str, room: str) -> None:
    """Open, as whoever leads the meeting, one of the forms that are for them alone."""
    person = await opens_choices(runner, handle, room)
    await person.presses("Flere valg")
    await person.presses(label)


async def ticks(runner: ExerciseRunner, handle: str, point: str, room: str) -> None:
    await runner.person(handle).chooses("Kryss av", point, in_=room)
    await runner.until_idle()


async def says(runner: ExerciseRunner, person: Person, **fields: object) -> None:
    await person.sees_modal()
    await person.fills({label.replace("_", " "): value for label, value in fields.items()})
    await kit.send(runner, person)


def last(runner: ExerciseRunner, room: str, beginning: str = "Møtet begynner") -> str:
    """The newest message of the bot in the room that begins so."""
    found = [
        m.text
        for m in runner.person("koordinator").messages(room)
        if kit.heading(m.text).startswith(beginning)
    ]
    return found[-1] if found else ""


def told(runner: ExerciseRunner, handle: str, beginning: str) -> str:
    """The newest direct message that begins so."""
    found = [m.text for m in kit.direct(runner.sandbox, handle) if kit.heading(m.text).startswith(beginning)]
    return found[-1] if found else ""


async def test_a_meeting_from_the_roll_call_to_the_minutes(runner: ExerciseRunner) -> None:
    koordinator = runner.person("koordinator")
    room = await begins(runner)
    assert "*Til stede:* ingen ennå" in last(runner, room)
    await presses(runner, "barnevern", HERE, room)
    await presses(runner, "barnevern", HERE, room)
    assert last(runner, room).count("Barneverntjenesten (@barnevern), kl. 10:00") == 1
    assert "og UDI" in last(runner, room)

    await runner.later(minutes=5)
    asked = "Sak KODE: for få har trykket «Jeg er til stede»"
    assert "Det mangler 2 tjenester." in told(runner, "koordinator", asked)
    assert not told(runner, "vara-koordinator", asked)
    await runner.later(minutes=7)
    await presses(runner, "politi-exit", HERE, room)
    assert "Politiet (@politi-exit), kl. 10:12 (etter start)" in last(runner, room)
    assert "Det mangler én tjeneste." in told(runner, "koordinator", asked)

    # What the chair alone may do stands in «Valg», and there for nobody else.
    assert "Registrer" not in last(runner, room)
    assert LEADS & await offered(runner, "barnevern", room) == set()
    assert await offered(runner, "koordinator", room) >= LEADS
    await ticks(runner, "barnevern", "Tolk", room)
    assert runner.person("barnevern").messages(room)[-1].text == CHAIRS
    await koordinator.presses("Gå videre", in_="tot-bot")
    await says(runner, koordinator, **{"Hvorfor går møtet videre med så få?": "de andre er med på telefon"})
    assert not told(runner, "koordinator", asked)
    assert "Møtet gikk videre kl. 10:12 før nok hadde meldt seg til stede:* de andre" in last(runner, room)

    await leads(runner, "koordinator", "Velg møteleder", room)
    await koordinator.fills({"Møteleder": "utenforstaende"})
    assert list((await runner.is_refused(koordinator)).values()) == [
        "Velg en som er i saksrommet: en koordinator, eller en som har bekreftet taushetsplikten for "
        "tjenesten sin."
    ]
    await says(runner, koordinator, Møteleder="politi-exit")
    assert "*Møteleder:* @politi-exit" in last(runner, room)
    for point in ("Tolk", "Helse", "Bistandsadvokat"):
        await ticks(runner, "politi-exit", point, room)
    await ticks(runner, "politi-exit", "Angre: Helse", room)
    assert "*Dagsorden:* 2 av 9 gjennomgått\nBistandsadvokat og Tolk\n" in last(runner, room)
    await koordinator.presses("Registrer svar", in_="tot-bot", near="UDI")
    await says(runner, koordinator, **steps.CONFIRMS)
    await runner.until_idle()
    await leads(runner, "politi-exit", "Registrer andre her", room)
    await says(runner, runner.person("politi-exit"), Tjenester_som_er_her=["UDI"])
    await runner.until_idle()
    assert "UDI, kl. 10:12 (etter start)" in last(runner, room)
    on_time = {f"{agency} var her i tide" for agency in ("UDI", "Politiet")}
    assert "i tide" not in last(runner, room), "it is for whoever leads"
    for handle in ("politi-exit", "koordinator"):
        assert on_time <= await offered(runner, handle, room)
    assert not on_time & await offered(runner, "barnevern", room)

    chair = runner.person("politi-exit")
    await chair.types("/tot oppmøte", in_=room)
    form = (await chair.sees_modal("Oppmøte")).text
    assert "Barneverntjenesten: [ Møtte ▾ ]" in form
    assert "Politiet: [ Møtte, men kom for sent ▾ ]" in form
    assert "Sosialtjenesten: [ velg ▾ ]" in form
    await says(
        runner,
        chair,
        Sosialtjenesten="Uteble uten å si fra",
        Helsetjenesten="Møtte ikke, hadde meldt forfall",
        Skriftlig_rapport_mottatt_fra=["Helsetjenesten"],
    )
    assert "Referatet kommer når møtet er over, kl. 11." in last(runner, room)
    await runner.until(runner.day(0, "11:00") + timedelta(seconds=1))
    assert not last(runner, room), "the roll call has become the minutes"
    minutes = last(runner, room, "Referat")
    for line in (
        "• Barneverntjenesten: møtte\n",
        "• Politiet: møtte, men kom for sent (kl. 10:12)",
        "• Helsetjenesten: møtte ikke, hadde meldt forfall; skriftlig rapport er mottatt",
        "• Sosialtjenesten: uteble uten å si fra",
        "• Møtet gikk videre kl. 10:12 før nok hadde meldt seg til stede: de andre er med på telefon",
        "• Sosialtjenesten: oppgir grunnen til at ingen møtte",
        "*Neste møte:* ikke satt ennå",
    ):
        assert line in minutes
    assert "Bare samordningen, ikke innholdet." in minutes
    assert "https://" not in minutes
    for handle in ("koordinator", "vara-koordinator"):
        assert told(runner, handle, "Referat"), "UDI reads no room, and hears it from a coordinator"
    everybody = (*ON_SLACK, "utenforstaende")
    assert not any(told(runner, handle, "Referat") for handle in everybody), "it stands in the room"

    await kit.submit_form(runner, "koordinator", "/tot møte mandag kl 10", room, Sted="Møterom Nord")
    assert "*Neste møte:* mandag 7. desember 2026 kl. 10:00–11:00" in last(runner, room, "Referat")


async def test_the_card_and_home_follow_the_meeting_as_it_begins_and_ends(runner: ExerciseRunner) -> None:
    room = await begins(runner)

    def card() -> str:
        return last(runner, room, "Sak ")

    koordinator = runner.person("koordinator")
    await koordinator.opens_home()
    await runner.until_idle()
    assert "*Møtet er i gang:*" in card()
    assert "Varer til kl. 11." in last(runner, room)
    await runner.until(runner.day(0, "11:00") + timedelta(seconds=1))
    assert "Møtet torsdag 3. desember kl. 10 er over." in told(
        runner, "koordinator", "Hvem kom til møtet i sak KODE?"
    )
    over = last(runner, room, "Møtet er over: hvem kom?")
    assert "Møteleder: @koordinator" in over
    assert "Varer til" not in over
    for handle in ("politi-exit", "helse"):
        assert told(runner, handle, "Møtet i sak KODE er over.")
        assert not told(runner, handle, "Møtet i sak KODE begynte")
    assert "*Neste møte:* ikke satt ennå" in card()
    assert "• Oppmøtet på møtet" in card()
    assert "Oppmøtet på møtet" in (koordinator.home or "")


async def test_who_stays_away_is_asked_and_the_register_is_corrected_in_sight(
    runner: ExerciseRunner,
) -> None:
    room = await begins(runner)
    await runner.later(hours=2)
    away = "Uteble uten å si fra"
    await kit.submit_form(
        runner,
        "koordinator",
        "/tot oppmøte",
        room,
        Barneverntjenesten=away,
        UDI=away,
        Politiet="Møtte",
        Sosialtjenesten="Møtte",
        Helsetjenesten="Møtte",
    )
    code = room.removeprefix("rom-")
    for handle in ("barnevern", "barnevern-leder"):
        text = told(runner, handle, "Vi savnet Barneverntjenesten på møtet i TOT Bergen")
        assert "torsdag 3. desember kl. 10" in text
        assert "møteplikt etter TOT-mandatet" in text
        assert code not in text
    by_phone = told(runner, "koordinator", "UDI uteble uten å si fra")
    assert "Jeg når dem ikke." in by_phone
    assert "Jeg når ingen leder der" in by_phone
    koordinator, lead = runner.person("koordinator"), runner.person("barnevern")
    await koordinator.presses("Registrer grunn", in_="tot-bot", near="UDI uteble")
    await says(runner, koordinator, **{"Hvorfor kom ingen?": "på reise"})
    await lead.presses("Oppgi grunnen", in_="tot-bot")
    await says(runner, lead, **{"Hvorfor kom ingen?": "borte fra jobb"})
    minutes = last(runner, room, "Referat")
    assert "• Barneverntjenesten: uteble uten å si fra; grunn: borte fra jobb" in minutes
    assert "• UDI: uteble uten å si fra; grunn: på reise" in minutes
    assert "*Grunn:* borte fra jobb" in told(runner, "koordinator", "Barneverntjenesten uteble uten å si fra")

    await koordinator.types("/tot oppmøte", in_=room)
    await koordinator.sees_modal("Rett oppmøtet")
    await says(runner, koordinator, Barneverntjenesten="Møtte")
    assert (
        "Barneverntjenesten: fra «uteble uten å si fra» til «møtte» (@koordinator, torsdag 3. "
        "desember 2026 kl. 12:00)"
    ) in last(runner, room, "Referat")
    for handle in ("barnevern", "barnevern-leder"):
        assert not told(runner, handle, "Vi savnet Barneverntjenesten")
        rettet = told(runner, handle, "Rettet: Barneverntjenesten møtte")
        assert "torsdag 3. desember kl. 10" in rettet
        assert "Oppgi grunnen" not in rettet
        assert code not in rettet
    assert not told(runner, "koordinator", "Barneverntjenesten uteble")
    assert "fra «uteble uten å si fra» til «møtte»" in last(runner, room, "Referat")


async def test_a_register_that_is_filled_in_early_ends_nothing(runner: ExerciseRunner) -> None:
    room = await begins(runner)
    await runner.later(minutes=5)
    koordinator = runner.person("koordinator")
    await koordinator.opens_home()
    await koordinator.types("/tot oppmøte", in_=room)
    form = (await koordinator.sees_modal("Oppmøte")).text
    assert "Møtet varer til kl. 11:00. Til da kan du endre det her, og ingen får høre at de uteble." in form
    away = "Uteble uten å si fra"
    came = {"Politiet": "Møtte", "UDI": "Ble ikke nådd", "Helsetjenesten": away}
    await says(runner, koordinator, Barneverntjenesten=away, Sosialtjenesten=NOT_YET, **came)

    stands = last(runner, room)
    assert "Politiet (@politi-exit), kl. 10:00" in stands
    assert "*Mangler:* Barneverntjenesten, Helsetjenesten, Sosialtjenesten og UDI" in stands
    assert "https://meet.example.no/tot-bergen" in told(runner, "barnevern", "Du kommer på møtet")
    assert "*Møtet er i gang:*" in last(runner, room, "Sak ")
    assert f"· sak {room.removeprefix('rom-')} ·" in (koordinator.home or "")
    await koordinator.presses("Registrer svar", in_="tot-bot", near="UDI")
    await says(runner, koordinator, **steps.CONFIRMS)
    await koordinator.types("/tot oppmøte", in_=room)
    assert f"Sosialtjenesten: [ {NOT_YET} ▾ ]" in (await koordinator.sees_modal("Oppmøte")).text
    await koordinator.closes()
    await presses(runner, "sosialtjenesten", HERE, room)
    await leads(runner, "koordinator", "Registrer andre her", room)
    await says(runner, koordinator, Tjenester_som_er_her=["UDI"])
    assert "Sosialtjenesten (@sosialtjenesten), kl. 10:05" in last(runner, room)
    assert not told(runner, "koordinator", "Referat")

    await koordinator.types("/tot oppmøte", in_=room)
    form = (await koordinator.sees_modal("Oppmøte")).text
    assert "Sosialtjenesten: [ Møtte, men kom for sent ▾ ]" in form
    assert "Barneverntjenesten: [ Uteble uten å si fra ▾ ]" in form
    await says(runner, koordinator, Barneverntjenesten="Møtte, men kom for sent")
    await runner.until(runner.day(0, "11:00") + timedelta(seconds=1))
    assert not last(runner, room), "the roll call has become the minutes"
    minutes = last(runner, room, "Referat")
    assert "• Barneverntjenesten: møtte, men kom for sent (kl. 10:05)" in minutes
    assert "• Sosialtjenesten: møtte, men kom for sent (kl. 10:05)" in minutes
    assert "• UDI: møtte" in minutes
    assert "Rettet" not in minutes, "before the end nothing is a correction"
    assert not any(told(runner, h, "Vi savnet") for h in ("barnevern", "barnevern-leder", "sosialtjenesten"))
    assert told(runner, "helse", "Vi savnet Helsetjenesten")
    assert not told(runner, "koordinator", "Hvem kom til møtet")


async def test_who_had_not_come_yet_is_asked_about_when_the_meeting_is_over(runner: ExerciseRunner) -> None:
    room = await begins(runner)
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot oppmøte", in_=room)
    came = dict.fromkeys(("Politiet", "Sosialtjenesten", "Helsetjenesten"), "Møtte")
    await says(runner, koordinator, Barneverntjenesten=NOT_YET, **came)
    assert "*Mangler:* Barneverntjenesten og UDI\n" in last(runner, room)
    await runner.until(runner.day(0, "11:00") + timedelta(seconds=1))
    assert told(runner, "koordinator", "Hvem kom til møtet i sak KODE?")
    assert not last(runner, room, "Referat")
    await koordinator.types("/tot oppmøte", in_=room)
    form = (await koordinator.sees_modal("Oppmøte")).text
    assert "Politiet: [ Møtte ▾ ]" in form
    assert "Barneverntjenesten: [ velg ▾ ]" in form
    await says(runner, koordinator, Barneverntjenesten="Møtte ikke, hadde meldt forfall")
    assert "• Barneverntjenesten: møtte ikke, hadde meldt forfall" in last(runner, room, "Referat")


async def test_who_was_not_reached_did_not_stay_away(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, *FIVE)
    await kit.confirm(runner, "politi-exit", "barnevern", "helse")
    await runner.until(runner.day(2, "11:30"))
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot oppmøte", in_=room)
    form = (await koordinator.sees_modal("Oppmøte")).text
    assert "Sosialtjenesten: [ Ble ikke nådd ▾ ]" in form
    assert "UDI: [ Ble ikke nådd ▾ ]" in form
    assert "regnes ikke som at de uteble" in form
    assert "`/tot tjeneste`" in form
    assert "Helsetjenesten: [ velg ▾ ]" in form, "they have confirmed, and could read the summons"
    came = {"Politiet": "Møtte", "Barneverntjenesten": "Møtte", "Helsetjenesten": "Uteble uten å si fra"}
    await says(runner, koordinator, **came)
    minutes = last(runner, room, "Referat")
    assert "• Sosialtjenesten: ble ikke nådd" in minutes
    assert "Sosialtjenesten: oppgir grunnen" not in minutes
    assert "Sosialtjenesten: kan sende" not in minutes
    assert not told(runner, "sosialtjenesten", "Vi savnet")
    assert not told(runner, "koordinator", "Sosialtjenesten ble ikke nådd")
    assert told(runner, "helse", "Vi savnet Helsetjenesten på møtet i TOT Bergen")

    await koordinator.types("/tot oppmøte", in_=room)
    await koordinator.sees_modal("Rett oppmøtet")
    await says(runner, koordinator, Sosialtjenesten="Uteble uten å si fra")
    assert "Sosialtjenesten: fra «ble ikke nådd» til «uteble uten å si fra»" in last(runner, room, "Referat")
    assert told(runner, "sosialtjenesten", "Vi savnet Sosialtjenesten på møtet i TOT Bergen")


async def test_twice_in_a_row_offers_a_text_without_any_case(runner: ExerciseRunner) -> None:
    room = await begins(runner, "Politiet", "Barneverntjenesten", "Sosialtjenesten", "Helsetjenesten")
    came = dict.fromkeys(("Politiet", "Sosialtjenesten"), "Uteble uten å si fra")
    came |= dict.fromkeys(("Barneverntjenesten", "Helsetjenesten"), "Møtte")
    await runner.later(hours=2)
    await kit.submit_form(runner, "koordinator", "/tot oppmøte", room, **came)
    assert not told(runner, "koordinator", "Sosialtjenesten uteble to ganger")
    await kit.submit_form(runner, "koordinator", "/tot møte mandag kl 10", room, Sted="Møterom Nord")
    await runner.until(runner.day(4, "12:00"))
    await kit.submit_form(runner, "koordinator", "/tot oppmøte", room, **came)
    text = told(runner, "koordinator", "Sosialtjenesten uteble to ganger på rad")
    letter = text.split("```")[1]
    assert "Til møtene torsdag 3. desember 2026 og mandag 7. desember 2026 kom ingen fra tjenesten" in letter
    assert room.removeprefix("rom-") not in text
    assert not told(runner, "sosialtjenesten", "Sosialtjenesten uteble to ganger")
    # The municipal director leads no police.
    police = told(runner, "koordinator", "Politiet uteble to ganger på rad")
    assert "Ta det opp med ledelsen deres." in police
    assert "kommunaldirektør" not in police.casefold()


async def test_a_chair_with_too_few_sets_a_new_date(runner: ExerciseRunner) -> None:
    room = await begins(runner)
    koordinator, chair = runner.person("koordinator"), runner.person("politi-exit")
    await leads(runner, "koordinator", "Velg møteleder", room)
    await says(runner, koordinator, Møteleder="politi-exit")
    await presses(runner, "politi-exit", HERE, room)
    await runner.later(minutes=5)
    assert not told(runner, "koordinator", "Sak KODE: for få har trykket «Jeg er til stede»")
    assert "• fredag 4. desember kl. 10" in told(
        runner, "politi-exit", "Sak KODE: for få har trykket «Jeg er til stede»"
    )
    await chair.chooses("Velg en ny dato", "tir. 8. des. kl. 10:00", in_="tot-bot")
    form = (await chair.sees_modal("Flytt møte")).text
    assert "(•) tir. 8. des. kl. 10:00" in form
    await runner.sends(chair)
    await chair.sees_modal("Se over og send")
    await kit.send(runner, chair)
    assert not last(runner, room), "it has not begun"
    assert not told(runner, "politi-exit", "Sak KODE: for få har trykket «Jeg er til stede»")
    await runner.until(runner.day(5, "10:01"))
    assert "Varer til kl. 11." in last(runner, room)
    assert "*Til stede:* ingen ennå" in last(runner, room)


async def test_where_people_sit_together_nobody_has_to_tap_and_closing_waits_for_the_register(
    runner: ExerciseRunner,
) -> None:
    room = await begins(runner, **{"Lenke til videomøte": ""})
    await presses(runner, "politi-exit", HERE, room)
    await runner.later(minutes=10)
    assert "For få" not in last(runner, room)
    assert not told(runner, "koordinator", "Sak KODE: for få")
    refused = await runner.person("koordinator").types("/tot lukk", in_=room)
    assert refused is not None
    assert "oppmøtet er ikke registrert" in refused.text
    await kit.submit_form(runner, "koordinator", "/tot oppmøte", room, **dict.fromkeys(FIVE[1:4], "Møtte"))
    await kit.submit_form(runner, "koordinator", "/tot lukk", room)
    assert kit.people_in(runner.sandbox, room) == {"koordinator", "vara-koordinator"}
    assert "• Barneverntjenesten: møtte" in last(runner, room, "Referat")
