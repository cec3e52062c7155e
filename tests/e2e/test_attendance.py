"""The meeting through the front door: roll call, too few, chair, register, minutes, who stays away."""

from __future__ import annotations

from datetime import timedelta

from bot.cli.rehearsal import rehearse
from sandbox.person import Person
from sandbox.stage import Stage
from tests.e2e import kit

HERE = "Jeg er til stede"
CHAIRS = "Dette er det møtelederen eller koordinatoren som gjør."
FIVE = ("Politiet", "Barneverntjenesten", "Sosialtjenesten", "Helsetjenesten", "UDI")
ON_SLACK = ("politi-exit", "barnevern", "sosialtjenesten", "helse")


async def begins(stage: Stage, *agencies: str) -> str:
    """A case whose meeting begins now, in a room of confirmed people; the name of its room."""
    room = await kit.open_case(stage, *(agencies or FIVE))
    await kit.confirm(stage, *ON_SLACK, "vara-koordinator")
    for handle in ("politi-exit", "barnevern"):
        await stage.person(handle).presses("Bekreft", in_="tot-bot")
        await stage.settle()
    await stage.until(stage.day(2, "09:59"))
    assert not [m for m in stage.person("koordinator").messages(room) if "hvem er her" in m.text]
    await stage.until(stage.day(0, "10:00") + timedelta(seconds=1))
    return room


async def presses(stage: Stage, handle: str, label: str, room: str, near: str | None = None) -> None:
    """Somebody presses a button in the room."""
    await stage.person(handle).presses(label, in_=room, near=near)
    await stage.settle()


async def says(stage: Stage, person: Person, **fields: object) -> None:
    """Fill in the open form and send it."""
    await person.sees_modal()
    await person.fills({label.replace("_", " "): value for label, value in fields.items()})
    await stage.sends(person)
    await stage.settle()


def last(stage: Stage, room: str, beginning: str = "Møtet begynner") -> str:
    """The newest message of the bot in the room that begins so."""
    found = [
        m.text
        for m in stage.person("koordinator").messages(room)
        if kit.heading(m.text).startswith(beginning)
    ]
    return found[-1] if found else ""


def told(stage: Stage, handle: str, beginning: str) -> str:
    """The newest direct message that begins so."""
    found = [m.text for m in kit.direct(stage.box, handle) if kit.heading(m.text).startswith(beginning)]
    return found[-1] if found else ""


async def test_a_meeting_from_the_roll_call_to_the_minutes(sqlite_database_url: str) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage = rehearsal.stage
        koordinator = stage.person("koordinator")
        room = await begins(stage)
        assert "Ingen har sagt fra ennå." in last(stage, room)
        await presses(stage, "barnevern", HERE, room)
        await presses(stage, "barnevern", HERE, room)
        assert last(stage, room).count("Barneverntjenesten (@barnevern), kl. 10:00") == 1
        assert "• UDI" in last(stage, room)

        await stage.later(minutes=5)
        asked = "Sak KODE: for få har møtt"
        assert "Det mangler 2 etater." in told(stage, "koordinator", asked)
        assert not told(stage, "vara-koordinator", asked)
        await stage.later(minutes=7)
        await presses(stage, "politi-exit", HERE, room)
        assert "Politiet (@politi-exit), kl. 10:12 (etter start)" in last(stage, room)
        assert "Det mangler én etat." in told(stage, "koordinator", asked)

        for label, near in (("Registrer hvem som kom", None), ("Behandlet", "Tolk"), ("Før inn andre", None)):
            await presses(stage, "barnevern", label, room, near)
            assert stage.person("barnevern").messages(room)[-1].text == CHAIRS
        await koordinator.presses("Gå videre", in_="tot-bot")
        await says(
            stage, koordinator, **{"Hvorfor går møtet videre med så få?": "de andre er med på telefon"}
        )
        assert not told(stage, "koordinator", asked)
        assert "Møtet gikk videre kl. 10:12 med for få:* de andre er med på telefon." in last(stage, room)

        await koordinator.presses("Velg møteleder", in_=room)
        await koordinator.fills({"Møteleder": "utenforstaende"})
        assert list((await stage.is_refused(koordinator)).values()) == [
            "Velg en som er i saksrommet: en koordinator, eller en som har bekreftet taushetsplikten for "
            "etaten sin."
        ]
        await says(stage, koordinator, Møteleder="politi-exit")
        assert "*Møteleder:* @politi-exit" in last(stage, room)
        for point in ("Tolk", "Helse", "Bistandsadvokat"):
            await presses(stage, "politi-exit", "Behandlet", room, near=point)
        await presses(stage, "politi-exit", "Angre", room, near="Helse")
        assert [line for line in last(stage, room).splitlines() if line.startswith("✅")] == [
            "✅ Bistandsadvokat",
            "✅ Tolk",
        ]
        await presses(stage, "politi-exit", "Før inn andre som er her", room)
        await says(stage, stage.person("politi-exit"), Etater_som_er_her=["UDI"])
        assert "UDI, kl. 10:12 (etter start)" in last(stage, room)

        chair = stage.person("politi-exit")
        await chair.types("/tot oppmøte", in_=room)
        form = (await chair.sees_modal("Oppmøte")).text
        assert "Barneverntjenesten: [ Møtte ▾ ]" in form
        assert "Politiet: [ Møtte, men kom for sent ▾ ]" in form
        assert "Sosialtjenesten: [ velg ▾ ]" in form
        await says(
            stage,
            chair,
            Sosialtjenesten="Uteble uten å si fra",
            Helsetjenesten="Møtte ikke, hadde meldt forfall",
            Skriftlig_rapport_mottatt_fra=["Helsetjenesten"],
        )
        assert not last(stage, room), "the roll call has become the minutes"
        minutes = last(stage, room, "Referat")
        for line in (
            "• Barneverntjenesten: møtte (kl. 10:00)",
            "• Politiet: møtte, men kom for sent (kl. 10:12)",
            "• Helsetjenesten: møtte ikke, hadde meldt forfall; skriftlig rapport er mottatt",
            "• Sosialtjenesten: uteble uten å si fra",
            "• Møtet gikk videre kl. 10:12 med for få: de andre er med på telefon",
            "• Sosialtjenesten: oppgir grunnen til at ingen møtte",
            "• Ikke satt ennå.",
        ):
            assert line in minutes
        assert "Referatet gjelder bare samordningen" in minutes
        for handle in ("koordinator", "vara-koordinator", *ON_SLACK):
            text = told(stage, handle, "Referat fra møtet")
            plain = text.split("```")[1]
            assert "- Politiet: møtte, men kom for sent (kl. 10:12)" in plain
            assert "@" not in plain
            assert "*" not in plain
        assert not told(stage, "utenforstaende", "Referat")

        await kit.submit_form(stage, "koordinator", "/tot møte mandag kl 10", room, Sted="Møterom Nord")
        assert "• mandag 7. desember 2026 kl. 10:00–11:00" in last(stage, room, "Referat")


async def test_who_stays_away_is_asked_and_the_register_is_corrected_in_sight(
    sqlite_database_url: str,
) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage = rehearsal.stage
        room = await begins(stage)
        await stage.later(hours=2)
        away = "Uteble uten å si fra"
        await kit.submit_form(
            stage,
            "koordinator",
            "/tot oppmøte",
            room,
            Barneverntjenesten=away,
            UDI=away,
            Sosialtjenesten="Møtte",
            Helsetjenesten="Møtte",
        )
        code = room.removeprefix("rom-")
        for handle in ("barnevern", "barnevern-leder"):
            text = told(stage, handle, "Barneverntjenesten møtte ikke")
            assert "torsdag 3. desember 2026 kl. 10:00" in text
            assert "møteplikt etter TOT-mandatet" in text
            assert code not in text
        by_phone = told(stage, "koordinator", "UDI uteble uten å si fra")
        assert "Jeg når dem ikke." in by_phone
        assert "Jeg når ingen leder der" in by_phone
        koordinator, lead = stage.person("koordinator"), stage.person("barnevern")
        await koordinator.presses("Før inn grunnen", in_="tot-bot", near="UDI uteble")
        await says(stage, koordinator, **{"Hvorfor kom ingen?": "på reise"})
        await lead.presses("Oppgi grunnen", in_="tot-bot")
        await says(stage, lead, **{"Hvorfor kom ingen?": "sykdom"})
        minutes = last(stage, room, "Referat")
        assert "• Barneverntjenesten: uteble uten å si fra; grunn: sykdom" in minutes
        assert "• UDI: uteble uten å si fra; grunn: på reise" in minutes
        assert "*Grunn:* sykdom" in told(stage, "koordinator", "Barneverntjenesten uteble uten å si fra")

        await koordinator.types("/tot oppmøte", in_=room)
        await koordinator.sees_modal("Rett oppmøtet")
        await says(stage, koordinator, Barneverntjenesten="Møtte")
        assert (
            "• Barneverntjenesten: fra «uteble uten å si fra» til «møtte» (@koordinator, torsdag 3. "
            "desember 2026 kl. 12:00)"
        ) in last(stage, room, "Referat")
        for handle in ("barnevern", "barnevern-leder", "koordinator"):
            assert not told(stage, handle, "Barneverntjenesten møtte ikke")
        assert "fra «uteble uten å si fra» til «møtte»" in told(stage, "helse", "Referat fra møtet")


async def test_twice_in_a_row_offers_a_text_without_any_case(sqlite_database_url: str) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage = rehearsal.stage
        room = await begins(stage, "Politiet", "Barneverntjenesten", "Sosialtjenesten", "Helsetjenesten")
        away = {"Sosialtjenesten": "Uteble uten å si fra", "Helsetjenesten": "Møtte"}
        await stage.later(hours=2)
        await kit.submit_form(stage, "koordinator", "/tot oppmøte", room, **away)
        assert not told(stage, "koordinator", "Sosialtjenesten har ikke møtt")
        await kit.submit_form(stage, "koordinator", "/tot møte mandag kl 10", room, Sted="Møterom Nord")
        await stage.until(stage.day(4, "12:00"))
        rest = {"Politiet": "Møtte", "Barneverntjenesten": "Møtte"}
        await kit.submit_form(stage, "koordinator", "/tot oppmøte", room, **away, **rest)
        text = told(stage, "koordinator", "Sosialtjenesten har ikke møtt to ganger på rad")
        letter = text.split("```")[1]
        assert "Til møtene torsdag 3. desember 2026 og mandag 7. desember 2026 kom ingen fra etaten" in letter
        assert room.removeprefix("rom-") not in text
        assert not told(stage, "sosialtjenesten", "Sosialtjenesten har ikke møtt")


async def test_a_chair_with_too_few_sets_a_new_date(sqlite_database_url: str) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage = rehearsal.stage
        room = await begins(stage)
        koordinator, chair = stage.person("koordinator"), stage.person("politi-exit")
        await koordinator.presses("Velg møteleder", in_=room)
        await says(stage, koordinator, Møteleder="politi-exit")
        await presses(stage, "politi-exit", HERE, room)
        await stage.later(minutes=5)
        assert not told(stage, "koordinator", "Sak KODE: for få har møtt")
        assert "• fredag 4. desember 2026 kl. 10:00" in told(
            stage, "politi-exit", "Sak KODE: for få har møtt"
        )
        await chair.chooses("Velg en ny dato", "tir. 8. des. kl. 10:00", in_="tot-bot")
        form = (await chair.sees_modal("Flytt møte")).text
        assert "2026-12-08 10:00" in form
        await stage.sends(chair)
        await chair.sees_modal("Se over og send")
        await stage.sends(chair)
        await stage.settle()
        assert not last(stage, room), "it has not begun"
        assert not told(stage, "politi-exit", "Sak KODE: for få har møtt")
        await stage.until(stage.day(5, "10:01"))
        assert "tirsdag 8. desember 2026 kl. 10:00–11:00" in last(stage, room)
        assert "Ingen har sagt fra ennå." in last(stage, room)


async def test_closing_waits_for_the_register(sqlite_database_url: str) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage = rehearsal.stage
        room = await begins(stage)
        refused = await stage.person("koordinator").types("/tot lukk", in_=room)
        assert refused is not None
        assert "oppmøtet er ikke registrert" in refused.text
        await kit.submit_form(stage, "koordinator", "/tot avlys", room)
        assert not last(stage, room)
        await kit.submit_form(stage, "koordinator", "/tot lukk", room)
        assert kit.people_in(stage.box, room) == {"koordinator", "vara-koordinator"}
