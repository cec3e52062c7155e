"""Joint meetings: called, signed up for, moved, cancelled, registered, forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from icalendar import Calendar

from tests.stories import changed, story
from tests.stories.test_agencies import keeps
from tests.stories.town import Town, Townsperson

TOPIC, PLAN = "Hva kan vi dele?", "Erfaringer fra høsten."
PARTNERS = {
    *("politi-exit", "politi-vakt", "politi-leder", "barnevern", "barnevern-leder", "barnevernvakt"),
    *("sosialtjenesten", "bistandsadvokat", "helse"),
}
FRIDAY, MONDAY = "fredag 4. desember kl. 12–13", "mandag 7. desember kl. 13–14"
INVITED = "*Fellesmøte i TOT Bergen*"
ASKED = "Kommer du? Det er ingen møteplikt."
MOVED = "*Møtet har fått ny tid eller nytt sted.*"
BOTH = {"koordinator": 1, "vara-koordinator": 1}
SOON, WHO_CAME = "Fellesmøtet nærmer seg", "*Hvem kom på fellesmøtet?*"
CHANGED, ALREADY = "Møtet er endret siden du ble spurt.", "Dette er allerede avsluttet eller avgjort."


async def calls(town: Town, when: str = "fredag kl 12", **more: Any) -> str:
    """Call a joint meeting as the coordinator; return what the review shows."""
    lead = town.koordinator
    await lead.types(f"/tot fellesmøte {when}")
    review = await lead.looks_over({"Emne": TOPIC, "Sted": "Det store møterommet", "Dagsorden": PLAN, **more})
    await lead.steps()
    await lead.puts_away()
    return review


async def changes(town: Town, **fields: Any) -> str:
    """Change it as the coordinator; return what the review shows."""
    review = await town.koordinator.opens("Endre fellesmøtet", fields, in_="tot-bot")
    await town.koordinator.steps()
    await town.koordinator.puts_away()
    return review


async def moves(town: Town) -> str:
    return await changes(town, Når=town.runner.day(6, "13:00"))


async def takes_out(town: Town, contact: str, of: str = "politi") -> None:
    await keeps(town.koordinator, contact, of)
    await town.koordinator.sends({"Mer": ["Ta ut som kontaktperson"]})
    await town.koordinator.puts_away()


def entries(town: Town) -> dict[str, int]:
    """Return the calendar files that can be fetched now: UID and SEQUENCE."""
    files = [f for f in town.runner.sandbox.workspace.files.values() if not f.deleted]
    events = [Calendar.from_ical(f.content).walk("VEVENT")[0] for f in files]
    return {str(event["UID"]): int(str(event["SEQUENCE"])) for event in events}


@story()
async def test_every_partner_is_invited_once_and_nobody_else(town: Town) -> None:
    for handle in ("helse", "koordinator", "utenforstaende"):
        await town.person(handle).looks_at_home()
    review = await calls(town)
    invited, _, ring = review.partition("*Disse inviteres nå:*")[2].partition("*Ikke på Slack, inviter dem")
    assert {handle for handle in PARTNERS if f"@{handle} " in invited} == PARTNERS
    assert invited.count("@") == len(PARTNERS)
    for by_phone in ("Barnevernvakten: Vaktleder", "Bistandsadvokaten: Vaktadvokat", "• botilbud 1\n", "UDI"):
        assert by_phone in ring
    assert town.rings() == {**dict.fromkeys(PARTNERS, 2), "koordinator": 1, "vara-koordinator": 1}
    for handle in PARTNERS:
        town.person(handle).sees(INVITED, f"{TOPIC}\n{FRIDAY} · Det store møterommet\n{ASKED}", PLAN)
    for person in (town.koordinator, town.vara_koordinator):
        person.sees("*Ikke svart:* 9\n", "• UDI · Saksbehandler: 55 00 00 06", "• botilbud 1: 55 00 00 07")
    assert TOPIC not in await town.botilbud.looks_at_home()
    for nobody in (town.utenforstaende, town.botilbud, town.udi):
        assert nobody.messages == []
    waiting = town.helse.home
    assert waiting.index("Venter på deg") < waiting.index("[ Kommer ]") < waiting.index("[ Hjelp ]")
    assert f"· {TOPIC} · du er koordinator" in town.koordinator.home
    assert TOPIC not in town.utenforstaende.home
    files = [f for f in town.runner.sandbox.workspace.files.values() if not f.deleted]
    assert len(entries(town)) == len(files) == len(PARTNERS), "each has an entry of their own"
    for file in files:
        assert b"SUMMARY:M\xc3\xb8te" in file.content
        assert b"dele" not in file.content
        assert b"TOT" not in file.content


@story()
async def test_signing_up_and_changing_ones_mind(town: Town) -> None:
    await town.helse.looks_at_home()
    await calls(town)
    town.rings()
    await town.helse.presses("Kommer", in_="tot-bot")
    await town.barnevern.presses("Kommer ikke", in_="tot-bot")
    assert town.rings() == {}
    assert "Du kommer." in town.helse.sees(INVITED)
    assert "Endre fellesmøtet" not in town.helse.offers("tot-bot")
    assert f"{TOPIC} · du kommer" in town.helse.home
    assert "Ingenting venter på deg" in town.helse.home
    for person in (town.koordinator, town.vara_koordinator):
        told = person.sees(INVITED)
        assert "*Kommer (1):* Helsetjenesten · Helsesykepleier\n" in told
        assert "*Kommer ikke (1):* Barneverntjenesten · Kontaktperson\n" in told
        assert "*Ikke svart:* 7" in told
    town.politi_exit.sees_no("Helsesykepleier", but="koordinator: Helsesykepleier")
    before = len(entries(town))
    await town.helse.presses("Kommer ikke", in_="tot-bot")
    town.koordinator.sees("*Kommer ikke (2):*")
    assert len(entries(town)) == before - 1, "whoever stays away needs no entry"
    await town.helse.presses("Kommer", in_="tot-bot")
    town.koordinator.sees("*Kommer (1):* Helsetjenesten")


@story()
async def test_who_has_not_said_no_is_reminded_and_nobody_is_pressed(town: Town) -> None:
    await calls(town)
    await town.helse.presses("Kommer ikke", in_="tot-bot")
    await town.politi_exit.presses("Kommer", in_="tot-bot")
    town.rings()
    for days, clock in ((2, "12:00"), (1, "11:00")):
        assert await town.rings_at(clock, days=days) == dict.fromkeys(PARTNERS - {"helse"}, 1)
    assert "[ Kommer ]" in town.barnevern.sees(SOON)
    assert "[ Kommer ]" not in town.politi_exit.sees(SOON)
    town.helse.sees_no(SOON, but=f"barnevern: {SOON}")
    late = town.barnevern.keeps("Kommer", in_="tot-bot")
    await town.until("12:00:01")
    assert "begynt" in await town.barnevern.presses_kept(late)
    town.koordinator.sees("*Kommer (1):* Politiet")


@story()
async def test_nobody_is_reminded_on_a_sunday_or_before_work_begins(town: Town) -> None:
    await calls(town, "mandag kl 8")
    town.rings()
    once = dict.fromkeys(PARTNERS, 1)
    assert await town.rings_at("16:00", days=3) == once, "both reminders would come then, and one is enough"
    town.helse.sees(SOON)
    await town.until("08:00", days=3)
    assert town.rings() == {}


@story()
async def test_moved_to_another_time_everybody_is_asked_again(town: Town) -> None:
    lead = town.koordinator
    await calls(town)
    await town.helse.presses("Kommer", in_="tot-bot")
    await town.barnevern.presses("Kommer ikke", in_="tot-bot")
    late = town.helse.keeps("Kommer ikke", in_="tot-bot")
    before = entries(town)
    town.rings()
    # Another agenda is only shown.
    review = await changes(town, Dagsorden="Ny plan", Emne=f"{TOPIC} Og når?")
    assert "Ingen får noen ny melding" in review
    assert "@helse" not in review
    assert town.rings() == {}
    town.helse.sees(INVITED, "Ny plan", f"{TOPIC} Og når?", "Du kommer.")
    assert entries(town) == before
    review = await moves(town)
    again, _, ring = review.partition("*Disse får den nye tiden og spørres på nytt:*")[2].partition(
        "*Disse må"
    )
    assert {handle for handle in PARTNERS if f"@{handle} " in again} == PARTNERS
    assert "UDI: Saksbehandler" in ring
    assert town.rings() == dict.fromkeys(PARTNERS, 2)
    for handle in ("helse", "barnevern", "politi-exit"):
        (told,) = [t for t in town.person(handle).messages if INVITED in t]
        assert told.startswith(MOVED)
        assert MONDAY in told
        assert ASKED in told
        assert "slett den gamle oppføringen selv" in told
    lead.sees(INVITED, "Møtet er flyttet, og alle er spurt på nytt.\n*Kommer (0):* –\n*Kommer ikke (0):* –")
    after = entries(town)
    assert set(before.values()) == {0}
    assert set(after.values()) == {1}
    assert set(before) < set(after), "the same UIDs, and who had said no has one again"
    assert CHANGED in await town.helse.presses_kept(late), "of the old time"
    lead.sees("*Kommer ikke (0):* –")
    town.rings()
    follows = await town.rings_at("16:00", days=3)
    assert follows == dict.fromkeys(PARTNERS, 1), "the reminders follow the new time"

    # A new place is told to all, and the answers stand.
    await town.helse.presses("Kommer", in_="tot-bot")
    await changes(town, Sted="Møterom Sør")
    assert town.rings() == dict.fromkeys(PARTNERS, 1)
    town.barnevern.sees(MOVED, "Møterom Sør")
    town.helse.sees(MOVED, "Møterom Sør", "Du kommer.")
    await town.until("08:01", days=4)
    lead.sees(WHO_CAME)


@story("Politiet", when="torsdag kl 10")
async def test_what_to_think_of_is_pointed_out_and_what_cannot_be_is_refused(town: Town) -> None:
    lead, place = town.koordinator, {"Sted": "Møterom Sør", "Emne": TOPIC}
    await lead.types("/tot fellesmøte fredag kl 12")
    for fields, where in (
        ({"Emne": " "}, {"Emne"}),
        ({"Når": town.now - timedelta(hours=1)}, {"Når begynner møtet?"}),
    ):
        assert {*await lead.is_refused({**place, **fields})} == where
    await calls(town)
    assert await warned(lead, "fredag kl 12:30") == ["fellesmøte"]
    assert await warned(lead, "torsdag kl 10") == ["i en sak du er med i"]
    assert await warned(town.vara_koordinator, "torsdag kl 10") == [], "she has not confirmed"


async def warned(by: Townsperson, when: str) -> list[str]:
    """Return what the review of another joint meeting warns of, in known words."""
    await by.opens(f"/tot fellesmøte {when}", {"Emne": "Noe annet", "Sted": "Møterom Sør"})
    said = [line for line in by.form.splitlines() if line.startswith(":warning:")]
    return [words for line in said for words in ("fellesmøte", "i en sak du er med i") if words in line]


@story()
async def test_called_off_as_it_is_by_now_it_waits_for_nobody(town: Town) -> None:
    lead, other = town.koordinator, town.vara_koordinator
    await calls(town)
    for label, day in (("Avlys fellesmøtet", 6), ("Endre fellesmøtet", 7)):
        await other.presses(label, in_="tot-bot")
        await changes(town, Når=town.runner.day(day, "13:00"))
        town.rings()
        assert "Møtet er endret siden du åpnet skjemaet." in await other.looks_over()
        assert town.rings() == {}
    await town.helse.presses("Kommer", in_="tot-bot")
    late = town.barnevern.keeps("Kommer", in_="tot-bot")
    change = lead.keeps("Endre fellesmøtet", in_="tot-bot")
    assert await town.rings_when(other.does("Avlys fellesmøtet", in_="tot-bot")) == dict.fromkeys(PARTNERS, 1)
    for person in (town.helse, town.barnevern, lead):
        assert person.messages[-1].startswith(f"*Fellesmøtet er avlyst:* {TOPIC}\ntirsdag 8. desember kl. 13")
        assert person.offers("tot-bot") == []
    assert entries(town) == {}
    assert ALREADY in await town.barnevern.presses_kept(late)
    assert ALREADY in await lead.presses_kept(change)
    await town.later("5 d")
    assert town.rings() == {}
    await town.until("10:00", days=26)
    for handle in ("helse", "vara-koordinator"):
        assert town.person(handle).messages == []
    lead.sees_no(TOPIC, but=ALREADY)


@story()
async def test_begun_over_registered_and_forgotten_but_for_the_number(town: Town) -> None:
    lead, comes, silent = town.koordinator, town.politi_exit, town.sosialtjenesten
    await calls(town)
    for person in (town.helse, town.politi_exit):
        await person.presses("Kommer", in_="tot-bot")
    assert lead.offers("tot-bot") == ["Endre fellesmøtet", "Avlys fellesmøtet"], "nobody has come yet"
    late = town.barnevern.keeps("Kommer", in_="tot-bot")
    kept = [lead.keeps(label, in_="tot-bot") for label in lead.offers("tot-bot")]
    assert TOPIC in await comes.looks_at_home()
    await town.until("12:01", days=3)
    for person in (comes, silent):
        assert not {"Kommer", "Kommer ikke"} & set(person.offers("tot-bot")), "it has begun"
    assert "Du kommer." in comes.sees(INVITED)
    assert ASKED not in silent.sees(INVITED)
    await town.until("13:01")
    assert TOPIC not in comes.home
    assert entries(town) == {}
    town.rings()
    await silent.types("/tot språk nynorsk")
    await town.later("1 min")
    silent.sees("*Fellesmøte i TOT Bergen*", "Fellesmøtet er over.", in_="tot-bot")
    assert entries(town) == town.rings() == {}, "what is over is news to no calendar"
    for change in kept:
        assert "Dette gjelder ikke lenger." in await lead.presses_kept(change)
    assert lead.offers("tot-bot") == ["Hvem kom?"]
    assert await town.rings_at("08:00", days=3) == BOTH
    lead.sees(WHO_CAME)
    form = await town.vara_koordinator.opens("Hvem kom?", in_="tot-bot", near=WHO_CAME)
    assert "Politiet · Etterforsker, EXIT" in form
    assert "Helsetjenesten · Helsesykepleier" in form
    assert "Barneverntjenesten · Kontaktperson ▾" not in form
    await town.vara_koordinator.sends()
    lead.sees("2 kom.")
    lead.sees_no(WHO_CAME, but="2 kom.")
    assert town.rings() == {}
    assert town.koordinator.offers("tot-bot") == []
    assert ALREADY in await town.barnevern.presses_kept(late)
    await town.until("22:00", days=26)
    town.helse.sees(TOPIC)
    await town.until("10:00", days=1)
    for handle in (*PARTNERS - {"barnevern"}, "vara-koordinator"):
        assert town.person(handle).messages == []
    town.barnevern.sees_no(TOPIC, but=ALREADY)


# --- who ceases to be a contact


@story()
async def test_who_leaves_an_agency_is_told_nothing_more(town: Town) -> None:
    await calls(town)
    late = town.politi_vakt.keeps("Kommer", in_="tot-bot")
    before = entries(town)
    await takes_out(town, "Vakthavende")
    assert town.politi_vakt.messages == []
    town.politi_exit.sees(TOPIC)
    assert len(entries(town)) == len(before) - 1
    town.koordinator.sees_no("Vakthavende", but="*Ikke svart:* 8")
    assert "ikke" in await town.politi_vakt.presses_kept(late)
    town.rings()
    assert TOPIC not in await town.politi_vakt.looks_at_home()
    await moves(town)
    assert town.rings().keys() == PARTNERS - {"politi-vakt"}
    # Somebody who has gone over to another agency comes for that one, and an account that is closed is rung.
    await takes_out(town, "Helsesykepleier", "helse")
    contact = {"Kollega i Slack": "helse", "Tittel": "Etterforsker"}
    await town.koordinator.does("/tot tjeneste barneverntjenesten", "Ny kontaktperson", contact)
    await town.helse.presses("Kommer", in_="tot-bot")
    town.koordinator.sees("*Kommer (1):* Barneverntjenesten · Etterforsker")
    await town.bistandsadvokat.is_deactivated()
    await town.koordinator.is_deactivated()
    town.vara_koordinator.sees("Bistandsadvokaten · Bistandsadvokat: 55 00 00 05")
    town.helse.sees("Spørsmål? Skriv til @vara-koordinator.")


FIRST = 'contacts = [{ slack_id = "U0BOTILBUD"'
LAWYER = '{ work_mail = "vakt@advokatene.example", title = "Vakt" }, '


@story(mail=True, partners=changed((FIRST, FIRST.replace("[", f"[{LAWYER}"))))
async def test_nobody_of_a_shelter_is_mailed_whatever_else_they_belong_to(town: Town) -> None:
    """The lawyer on duty, who is not on Slack, is a contact of the institution too."""
    review = await calls(town)
    assert "Bistandsadvokaten" in review.partition("*Ikke på Slack, inviter dem")[2]
    town.koordinator.sees("• Bistandsadvokaten · Vaktadvokat: 55 00 00 05", "• botilbud 1: 55 00 00 07")
    await changes(town, Dagsorden="Ny plan")
    await moves(town)
    assert town.mails("udi") == ["Møte", "Endret: Møte"], "what is not in the mail is no news"
    # Nobody of it gets a drill by mail either.
    await town.koordinator.does("/tot prøve")
    assert len(town.mails("udi")) == 3
    await takes_out(town, "Saksbehandler", "udi")
    await town.koordinator.does("Avlys fellesmøtet", in_="tot-bot")
    assert town.mails("udi").count("Utgår: Møte") == 1, "once, though it is called off besides"
    _, _, ring = town.koordinator.sees("*Kontaktprøve").partition("ikke prøvd (")
    assert "Bistandsadvokaten: Vaktadvokat" in ring.partition("\n*")[0]
    assert town.mails("vakt@advokatene.example") == []


@story(mail=True)
async def test_what_does_not_arrive_is_told_and_at_another_address_nobody_is_mailed(town: Town) -> None:
    mail = town.runner.mail
    assert mail is not None
    mail.faults.refused.add("vaktleder@barnevernvakt.example")
    await calls(town)
    assert town.rings() == {
        **dict.fromkeys(PARTNERS, 2),
        **{"koordinator": 1, "vara-koordinator": 1, "udi": 1},
        **{"vakt@advokatene.example": 1, "vara@sosialtjenesten.example": 1},
    }
    for person in (town.koordinator, town.vara_koordinator):
        person.sees("• Barnevernvakten · Vaktleder: 55 00 00 03 (e-postadressen ble avvist, få den rettet)")
    mail.answer_as("post@udi.example", "kollega@udi.example", "ACCEPTED")
    await town.rest()
    assert town.rings() == BOTH
    town.vara_koordinator.sees("Jeg kan ikke være sikker på hvem svaret er fra")
    town.koordinator.sees("*Kommer (0):* –")
    # Only the call sends somebody a first mail: its review has named them.
    await town.partners_change(
        ("post@udi.example", "ny@udi.example"),
        ('{ work_mail = "vakt@advok', '{ slack_id = "U0UTENFOR", work_mail = "vakt@advok'),
    )
    assert town.mails("udi") == ["Møte", "Utgår: Møte"]
    assert town.mails("ny@udi.example") == []
    assert TOPIC in town.utenforstaende.sees(INVITED)
    assert town.mails("vakt@advokatene.example") == ["Møte", "Utgår: Møte"], "a file has taken its place"


@story(partners=changed(('duty_line = "55 00 00 05"\n', "")))
async def test_who_cannot_be_rung_is_invited_at_the_work_mail_by_a_coordinator(town: Town) -> None:
    await calls(town)
    ring = town.koordinator.sees("Kommer (0)").partition("*Ikke på Slack, inviter dem")[2]
    assert "• Bistandsadvokaten · Vaktadvokat: vakt@advokatene.example\n" in ring
