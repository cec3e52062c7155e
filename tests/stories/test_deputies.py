"""A deputy: named, approved or refused, asked, and released when no longer needed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sandbox.people.visibility import CouldNot
from tests.stories import story
from tests.stories.test_agencies import keeps
from tests.stories.town import CONFIRM, Town, Townsperson

ASKED = ("Politiet", "Barneverntjenesten")
UNDECIDED = "Varaen for Politiet venter fortsatt på godkjenning"
WANTS = "*Politiet vil sende en vara*"
BE_ONE = "spør om du kan være vara for Politiet"
WITHDRAWN = "*Forespørselen fra TOT Bergen er trukket tilbake.*"
SPARED = "*Du trenger ikke å være vara på møtet i TOT Bergen"
AS_ONE = "Kommer du som vara på møtet i sak"


async def sends_deputy(
    person: Townsperson, who: str = "Vakthavende", by: str = "Kan ikke", **more: object
) -> None:
    await person.does(by, {"i stedet" if by == "Kan ikke" else "Vara": who, **more}, in_="tot-bot")


async def approves(town: Town) -> None:
    await town.koordinator.presses("Godkjenn", in_="tot-bot")


@story(*ASKED, confirmed=("politi-exit", "vara-koordinator"))
async def test_a_deputy_is_asked_when_a_coordinator_has_approved(town: Town) -> None:
    await sends_deputy(town.politi_exit, Hvorfor="borte fra jobb")
    town.politi_vakt.sees_no("vara for Politiet", but="koordinator: Politiet vil sende en vara")
    town.koordinator.sees("*Politiet:* forfall, vara venter på godkjenning · @politi-vakt", in_=town.room)
    assert town.rings() == {"koordinator": 1}
    await town.until("12:29")
    town.koordinator.sees_no(UNDECIDED, but=WANTS)
    await town.until("12:31")
    for coordinator in (town.koordinator, town.vara_koordinator):
        assert "Ingen blir spurt om å komme i stedet før" in coordinator.sees(UNDECIDED)
    await town.until("16:01")
    assert "politi-vakt" not in town.rings()
    assert [UNDECIDED in text for text in town.koordinator.messages].count(True) == 2
    await town.vara_koordinator.presses("Godkjenn")
    for coordinator in (town.koordinator, town.vara_koordinator):
        coordinator.sees_no(UNDECIDED, but="politi-vakt: vara for Politiet")
    assert town.rings() == {"politi-vakt": 1}
    town.koordinator.sees("*Politiet:* forfall, vara er spurt · @politi-vakt", in_=town.room)
    await town.politi_vakt.confirms()
    town.politi_vakt.sees(AS_ONE, "Du kommer i stedet for en kollega i Politiet, på dette ene møtet.")
    await town.politi_vakt.presses("Jeg kommer")
    town.koordinator.sees("@vara-koordinator godkjente @politi-vakt som vara.")
    town.koordinator.sees("*Politiet:* vara kommer · @politi-vakt", in_=town.room)
    town.politi_exit.sees("Vara: @politi-vakt, som kommer.")
    assert {"politi-exit", "politi-vakt"} < town.inside()
    await town.until("10:02", days=2)
    for person, there in ((town.politi_exit, False), (town.politi_vakt, True)):
        assert ("Jeg er til stede" in person.offers("tot-bot")) is there
    await town.until("11:01")
    town.politi_exit.sees_no("Vara: @politi-vakt", but=f"*Møtet i sak {town.code} er over.*")
    assert "politi-vakt" in town.inside(), "until it is registered who came"
    await town.koordinator.types("/tot oppmøte", in_=town.room)
    await town.koordinator.sends({"Politiet": "Vara møtte", "Barneverntjenesten": "Ble ikke nådd"})
    town.politi_vakt.sees(
        "*Møtet i TOT Bergen torsdag 3. desember kl. 10 er over, og du er ferdig som vara.*"
    )
    assert town.inside() == {"koordinator", "vara-koordinator", "politi-exit"}


@story(*ASKED, confirmed=("politi-exit", "vara-koordinator"))
async def test_who_named_one_who_is_gone_and_is_refused_reads_why_and_names_another(town: Town) -> None:
    await sends_deputy(town.politi_exit)
    await town.vara_koordinator.looks_at_home()
    await keeps(town.koordinator, "Vakthavende")
    await town.koordinator.sends({"Mer": ["Ta ut som kontaktperson"]})
    await town.koordinator.puts_away()
    await approves(town)
    town.koordinator.sees("Varaen er ikke lenger kontaktperson i tjenesten")
    town.rings()
    await town.koordinator.presses("Avslå", in_="tot-bot")
    assert town.rings() == {"koordinator": 1, "politi-exit": 1}, "and has to ring the agency now"
    told = town.politi_exit.sees("*Varaen for Politiet er ikke godkjent*")
    assert "@koordinator sa nei til @politi-vakt. Meld en annen, eller spør @koordinator." in told
    assert town.politi_vakt.messages == []
    town.koordinator.sees("*Politiet:* forfall uten vara", in_=town.room)
    await sends_deputy(town.politi_exit, "Leder", by="Send vara")
    town.politi_exit.sees_no("er ikke godkjent", but="Koordinatoren må godkjenne først.")
    await approves(town)
    assert town.rings() == {"koordinator": 1, "politi-leder": 1}
    town.koordinator.sees_no("Ring disse", but="*Politiet:* forfall, vara er spurt")


@story("Helsetjenesten", "Politiet")
async def test_where_an_agency_has_nobody_else_it_says_so(town: Town) -> None:
    lead, health, nobody = town.koordinator, town.helse, "Det er ingen andre å spørre i tjenesten."
    await lead.does("/tot avlys", in_=town.room)
    await health.presses("Kan ikke", in_="tot-bot")
    assert nobody in health.form + health.whispers[-1], "without a meeting there is nothing to decline"
    await health.confirms()
    await lead.does("/tot møte i overmorgen kl 12", {"Sted": "Møterom Nord"}, in_=town.room)
    for word in ("vara", "plass"):
        assert nobody in await health.types(f"/tot {word}"), word
    await lead.opens("/tot plass", {"Hvilken plass?": "Helsetjenesten"}, in_=town.room)
    lead.sees("En koordinator kan legge inn flere med `/tot tjeneste`.", in_="modal")


@story(*ASKED, when="i dag kl 12", confirmed=("politi-exit", "vara-koordinator"))
async def test_a_deputy_is_decided_on_once_and_before_the_meeting(town: Town) -> None:
    await sends_deputy(town.politi_exit)
    await town.koordinator.presses("Avslå", in_="tot-bot")
    await sends_deputy(town.politi_exit, by="Send vara")
    assert town.politi_vakt.messages == [], "who was refused has to be approved all the same"
    await town.later("11 min")
    kept = town.vara_koordinator.keeps("Avslå", in_="tot-bot")
    await approves(town)
    assert "@koordinator var først" in await town.vara_koordinator.presses_kept(kept)
    town.politi_vakt.sees(BE_ONE)
    town.politi_exit.sees_no("ikke godkjent", but="Vara: @politi-vakt, som ikke har svart ennå.")
    await town.politi_vakt.confirms()
    await sends_deputy(town.politi_vakt, "Leder")
    kept = town.koordinator.keeps("Avslå", in_="tot-bot")
    await town.until("12:01")
    assert "Møtet har begynt eller er over" in await town.koordinator.presses_kept(kept)
    assert town.politi_leder.messages == []


@story(*ASKED, confirmed=("politi-exit", "barnevern"))
async def test_a_leader_names_one_of_their_own_and_a_coordinator_anybodys(town: Town) -> None:
    await town.politi_exit.does("Kan ikke", {"Hvorfor": "møte i retten"})
    assert "Politiet, @politi-exit" in await town.politi_leder.opens("/tot vara")
    assert "Grunn til forfallet (valgfritt): [ velg ▾ ]" in town.politi_leder.form, "nor do they read why"
    await town.politi_leder.sends({"Vara": "Vakthavende"})
    assert "møte i retten" not in "".join(town.politi_leder.messages)
    await town.koordinator.types("/tot ring", in_=town.room)
    assert "Grunn: møte i retten" in town.koordinator.form, "it is left as it was said"
    assert "@politi-leder foreslår @politi-vakt" in town.koordinator.sees(WANTS)
    assert "Barneverntjenesten" not in town.politi_leder.form
    town.politi_exit.sees("@politi-leder registrerte svaret for deg.\nVara: @politi-vakt. Koordinatoren må")
    assert "politi-leder" not in town.inside()
    await town.koordinator.presses("Avslå", in_="tot-bot")
    assert "Møtet er torsdag 3. desember" in await town.politi_leder.opens("Send en annen vara")
    town.rings()
    which = {"Hvilket møte": "Barneverntjenesten"}
    await town.koordinator.does("/tot vara", which, {"Vara": "Leder"}, in_=town.room)
    assert town.rings() == {"barnevern-leder": 1}, "no approval is needed"
    town.barnevern.sees("Vara: @barnevern-leder, som ikke har svart ennå.")
    for handle in ("utenforstaende", "politi-vakt"):
        assert "Det er ingen møter du kan melde vara til" in await town.person(handle).types("/tot vara")


@story(*ASKED, confirmed=("politi-exit",))
async def test_those_who_are_away_are_no_deputies_and_an_absence_asks_for_one(town: Town) -> None:
    await town.politi_vakt.types("/tot tjeneste")
    today = town.now.date()
    day = timedelta(days=1)
    await town.politi_vakt.sends({"Borte fra": today + day, "Borte til": today + 3 * day})
    await town.politi_exit.presses("Kan ikke")
    with pytest.raises(CouldNot, match="Leder"):
        await town.politi_exit.fills({"i stedet": "Vakthavende"})
    later = "/tot møte fredag 11. desember kl 10"
    await town.koordinator.does(later, {"Sted": "Møterom Nord"}, in_=town.room)
    town.rings()
    await town.politi_exit.types("/tot tjeneste")
    assert list(await town.politi_exit.is_refused({"Borte til": today - day}))
    await town.politi_exit.sends({"Borte fra": today + day, "Borte til": today + 4 * day})
    town.politi_exit.sees("Disse møtene faller i den tiden", "tor. 3. des. kl. 10:00 · Politiet", in_="modal")
    assert "11. des." not in town.politi_exit.form
    await town.politi_exit.does("Meld vara", {"Vara": "Leder"}, in_="modal")
    assert town.rings() == {"koordinator": 1}
    town.koordinator.sees("@politi-exit foreslår @politi-leder")
    await approves(town)
    await town.politi_leder.presses("Kan ikke", in_="tot-bot")
    town.politi_leder.sees_no("Vakthavende", but="ingen andre", in_="modal")


@story(*ASKED, confirmed=("politi-exit",))
async def test_a_deputy_passes_it_on_and_is_let_go_when_who_sent_them_comes_after_all(town: Town) -> None:
    police, leader = town.politi_exit, town.politi_leder
    await sends_deputy(police)
    await approves(town)
    assert town.politi_vakt.offers("tot-bot") == [CONFIRM, "Kan ikke"], "not whose case it is"
    town.rings()
    assert "Koordinatoren godkjenner først." in await town.politi_vakt.opens("Kan ikke", in_="tot-bot")
    await town.politi_vakt.sends({"i stedet": "Leder"})
    assert town.rings() == {"koordinator": 1}
    town.politi_vakt.sees_no("er spurt", but="Takk for svaret. Spørsmålet går videre til en kollega")
    await approves(town)
    assert town.rings() == {"politi-leder": 1}
    leader.sees(BE_ONE)
    await police.presses("Jeg kan komme likevel", in_="tot-bot")
    (told,) = leader.messages
    assert told.startswith(WITHDRAWN)
    assert "politi-leder" not in town.rings(), "what stands is written anew"
    assert town.inside() == {"koordinator", "politi-exit"}
    await sends_deputy(police, "Leder")
    await leader.comes()
    assert "koordinator" not in town.rings(), "whom a coordinator has approved needs no second approval"
    await police.presses("Jeg kan komme likevel", in_="tot-bot")
    assert town.rings()["politi-leder"] == 1, "who had said yes is told by a message of its own"
    leader.sees(SPARED)
    assert "politi-leder" not in town.inside()
    await sends_deputy(police, "Leder")
    assert "politi-leder" in town.inside(), "they have confirmed"
    leader.sees_no(SPARED, but=AS_ONE)
    assert CONFIRM not in leader.offers("tot-bot")
    town.koordinator.sees("*Politiet:* forfall, vara er spurt", in_=town.room)


@story(*ASKED, confirmed=("politi-exit",))
async def test_a_deputy_at_two_meetings_confirms_once_and_keeps_one_when_the_other_goes(town: Town) -> None:
    await town.koordinator.does("/tot møte fredag kl 10", {"Sted": "Møterom Nord"}, in_=town.room)
    thursday, friday = "torsdag 3. desember", "fredag 4. desember"
    await town.politi_exit.does("Kan ikke", {"i stedet": "Vakthavende"}, in_="tot-bot", near=thursday)
    await approves(town)
    await town.politi_vakt.presses(CONFIRM, in_="tot-bot")
    town.rings()
    await town.politi_exit.does("Kan ikke", {"i stedet": "Vakthavende"}, in_="tot-bot", near=friday)
    assert friday not in await town.politi_vakt.looks_at_home(), "nobody has decided"
    assert "politi-vakt" not in town.rings()
    assert "politi-vakt" in await town.rings_when(approves(town))
    assert friday in await town.politi_vakt.looks_at_home()
    assert [AS_ONE in text for text in town.politi_vakt.messages].count(True) == 2
    await town.politi_exit.presses("Jeg kan komme likevel", in_="tot-bot", near="torsdag 3. desember")
    assert "politi-vakt" in town.inside()
    await town.politi_vakt.presses("Jeg kommer", in_="tot-bot")
    town.politi_exit.sees("Vara: @politi-vakt, som kommer.")
    await town.until("12:01", days=2)
    assert "politi-vakt" in town.inside(), "the second meeting is ahead"


def two_agencies(text: str) -> str:
    """The police and health have the same two people."""
    (old,) = (line for line in text.splitlines() if "U0HELSE" in line)
    first = '{ slack_id = "U0POLITIEXIT", work_mail = "exit@politi.example", title = "Lege" }'
    second = '{ slack_id = "U0POLITIVAKT", work_mail = "vakt@politi.example", title = "Sykepleier" }'
    return text.replace(old, f"contacts = [{first}, {second}]")


@story("Politiet", "Helsetjenesten", partners=two_agencies, confirmed=("politi-exit", "politi-exit"))
async def test_a_deputy_for_two_agencies_keeps_the_one_when_the_other_is_withdrawn(town: Town) -> None:
    await town.opens_case("Politiet", "Helsetjenesten")
    for agency in ("Politiet", "Helsetjenesten"):
        await town.politi_exit.presses(CONFIRM, near=f"trenger {agency}")
    await keeps(town.koordinator, "Etterforsker")
    await town.koordinator.sends({"Borte til": date(2026, 12, 4)})
    for agency, deputy in (("Politiet", "Vakthavende"), ("Helsetjenesten", "Sykepleier")):
        await town.politi_exit.does("Kan ikke", {"i stedet": deputy}, in_="tot-bot", near=f"{agency} ")
        await approves(town)
    for _ in range(2):
        await town.politi_vakt.presses(CONFIRM, in_="tot-bot")
    await town.politi_exit.presses("Jeg kan komme likevel", in_="tot-bot", near="(Helsetjenesten)")
    assert "politi-vakt" in town.inside()
    home = await town.politi_exit.looks_at_home()
    assert "du kommer (Helsetjenesten)" in home
    assert "du kommer ikke (Politiet)" in home
    await town.politi_exit.presses("Jeg kan komme likevel", in_="tot-bot")
    assert town.inside() == {"koordinator", "politi-exit"}


@story("Politiet", "Helsetjenesten", confirmed=("politi-exit", "helse"), answered=("helse",))
async def test_a_move_asks_the_deputy_and_who_sent_them_may_come_after_all(town: Town) -> None:
    await town.police_send_a_deputy()
    await town.politi_vakt.presses("Jeg kommer")
    town.rings()
    review = await town.moves("i overmorgen kl 14")
    assert town.rings().keys() == {"helse", "politi-exit", "politi-vakt"}
    asked = review.split("Blir spurt om den nye tiden")[1].split("@politi-exit")[0]
    assert "@politi-vakt" in asked
    assert "@helse" in asked
    town.koordinator.sees("*Politiet:* forfall, vara er spurt · @politi-vakt", in_=town.room)
    town.politi_vakt.sees("*Ny tid i sak")
    assert CONFIRM not in town.politi_vakt.offers("tot-bot")
    town.politi_exit.sees("Vara: @politi-vakt, som ikke har svart ennå.")
    await town.politi_vakt.presses("Jeg kommer")
    town.koordinator.sees("*Politiet:* vara kommer", in_=town.room)
    town.politi_exit.sees("Vara: @politi-vakt, som kommer")
    await town.moves("i overmorgen kl 15")
    await town.politi_vakt.does("Kan ikke", in_="tot-bot")
    town.koordinator.sees("*Politiet:* forfall uten vara", in_=town.room)
    town.koordinator.sees("Ring disse", in_="tot-bot")
    town.politi_exit.sees("Vara: @politi-vakt, som ikke kan komme.")
    assert "Send en annen vara" in town.politi_exit.offers("tot-bot")
    await town.moves("i overmorgen kl 13")
    town.koordinator.sees("*Politiet:* har ikke svart · @politi-exit", in_=town.room)
    assert "Jeg kommer" in town.politi_exit.offers("tot-bot")
    assert "Jeg kommer" not in town.politi_vakt.offers("tot-bot")


@story(*ASKED, confirmed=("politi-exit",))
async def test_a_deputy_on_whom_nobody_has_decided_waits_for_the_new_time(town: Town) -> None:
    await sends_deputy(town.politi_exit)
    await town.until("12:31")
    town.koordinator.sees(UNDECIDED)
    await town.moves("i overmorgen kl 14")
    town.koordinator.sees_no(UNDECIDED, but=WANTS)
    town.koordinator.sees("*Politiet:* forfall, vara venter på godkjenning", in_=town.room)
    assert town.politi_vakt.messages == []
    await approves(town)
    town.politi_vakt.sees("*Møte torsdag 3. desember kl. 14")
    town.politi_vakt.sees_no("Ny tid", but=BE_ONE)
