"""Taushetsplikt: two acts, two taps, one message; and nobody learns that they were named."""

from __future__ import annotations

from sandbox import modals
from tests.stories import changed, story
from tests.stories.town import CONFIRM, Town

ASKED = ("Politiet", "Barneverntjenesten")
SUMMONS = "Kommer du på møtet i sak"


@story(*ASKED)
async def test_two_taps_in_the_same_message_are_enough_and_one_more_does_nothing(town: Town) -> None:
    police = town.politi_exit
    (question,) = police.messages
    assert question.startswith(
        "*Møte torsdag 3. desember kl. 10, fysisk*\n@koordinator trenger Politiet i en sak"
    )
    assert "Avvergeplikten gjelder alle, meldeplikten dem som har den." in question
    assert len(question.split()) <= 110
    assert police.offers("tot-bot") == [CONFIRM, "Kan ikke", "Ikke vår sak"]
    async with town.held("chat.update"):
        for _ in range(2):
            await police.person.presses(CONFIRM, in_="tot-bot")
    await town.later("1 min")
    assert police.whispers == []
    assert town.rings() == {"politi-exit": 1}, "a calendar entry: the summons stands where the question stood"
    assert SUMMONS in police.messages[0]
    assert "hvem tar med hva, og trengs tolk?" in police.messages[0]
    assert "Politiet har møteplikt" in police.messages[0]
    assert len(police.messages) == 2
    assert police.offers("tot-bot") == ["Jeg kommer", "Kan ikke", "Ikke vår sak"]
    assert town.inside() == {"koordinator", "politi-exit"}
    town.koordinator.sees("*Politiet:* har ikke svart · @politi-exit", in_=town.room)
    await police.presses("Jeg kommer")
    police.sees("Du kommer på møtet i sak")
    assert police.offers("tot-bot") == ["Kan ikke"]
    town.koordinator.sees("*Politiet:* kommer · @politi-exit", in_=town.room)
    assert town.rings() == {}
    # Where Slack no longer allows an edit the summons is posted.
    (asked,) = town.barnevern.person.messages("tot-bot")
    closed = {"code": "edit_window_closed", "times": -1, "where": lambda args: args["ts"] == asked.ts}
    town.meets("error", "chat.update", **closed)
    await town.barnevern.confirms()
    assert [SUMMONS in text for text in town.barnevern.messages].count(True) == 1
    assert CONFIRM not in town.barnevern.offers("tot-bot")
    town.meets("error", "chat.update", code="cant_update_message")
    await town.barnevern.presses("Jeg kommer", in_="tot-bot")
    town.barnevern.sees("Du kommer på møtet i sak")
    town.barnevern.sees_no(SUMMONS, but="Du kommer på møtet i sak")


@story("Politiet", "Sosialtjenesten", "UDI", confirmed=("politi-exit", "sosialtjenesten"))
async def test_whose_consent_is_lacking_stands_on_the_card_until_the_meeting_begins(town: Town) -> None:
    lacking = town.card().partition("Samtykke ikke avklart for ")[2].split("\n")[0]
    assert sorted(lacking.rstrip(".").split(" og ")) == ["Sosialtjenesten", "UDI"]
    town.politi_exit.sees_no("Samtykke er ikke avklart", but="Avklar før møtet", in_="tot-bot")
    town.sosialtjenesten.sees("Samtykke er ikke avklart for dere ennå.", in_="tot-bot")
    for place in (town.room, "tot-bot"):
        town.politi_exit.sees("Avklar før møtet", in_=place)
    await town.until("10:01", days=2)
    town.politi_exit.sees_no("Avklar før møtet", but="Møtet er i gang")


NOTE = {"Lenke til videomøte": "https://meet.example.no/rom", "Dagsorden": "A & B <!channel>\n*Hvor:* her"}


@story("Politiet", when="i dag kl 12", fields=NOTE)
async def test_before_taushetsplikt_one_learns_when_and_how_and_not_where(town: Town) -> None:
    (question,) = town.politi_exit.messages
    town.vara_koordinator.sees("*Møte i dag kl. 12, på video eller fysisk*", in_="tot-bot")
    assert question.startswith("*Akutt: møte i dag kl. 12, på video eller fysisk*")
    town.politi_exit.sees_no("meet.example.no", but="Svar innen kl. 09:15")
    await town.politi_exit.confirms()
    summons = town.politi_exit.sees("*Hvor:* Møterom Nord · bli med på video")
    assert "*Dagsorden*\n> A & B <!channel>\n> *Hvor:* her\n" in summons, "nothing that is written is markup"
    (file,) = (f.content.decode() for f in town.runner.sandbox.workspace.files.values())
    assert {"SUMMARY:Møte", "LOCATION:Se Slack"} <= set(file.splitlines())
    assert not [word for word in (town.code, "Politi", "Nord", "A & B") if word in file]


#: One is a contact of both health and the police, one is both a contact and a coordinator.
also = changed(
    *(("U0HELSE", "U0POLITIEXIT"), ("kontakt@helse.example", "exit@politi.example")),
    *(("U0BARNEVERN", "U0VARAKOORD"), ("kontakt@barnevern", "vara-koordinator@kommune")),
)


@story("Politiet", "Helsetjenesten", "Barneverntjenesten", partners=also)
async def test_whoever_is_in_for_two_agencies_or_coordinates_too_confirms_for_each(town: Town) -> None:
    await town.politi_exit.presses(CONFIRM, near="trenger Politiet")
    assert "politi-exit" in town.inside()
    town.koordinator.sees("*Helsetjenesten:* har ikke bekreftet taushetsplikten", in_=town.room)
    town.politi_exit.sees("trenger Helsetjenesten")
    await town.politi_exit.confirms()
    town.koordinator.sees("*Helsetjenesten:* har ikke svart", in_=town.room)
    why = {"Hvorfor": "Ikke vår oppgave"}
    await town.politi_exit.does("Ikke vår sak", why, in_="tot-bot", near="(Helsetjenesten)")
    town.politi_exit.sees("*Takk. Helsetjenesten har svart: ikke vår sak*")
    await town.vara_koordinator.presses(CONFIRM, near="trenger Barneverntjenesten")
    assert "vara-koordinator" in town.inside()
    town.koordinator.sees("*Koordinerer:* @koordinator\n", in_=town.room)
    await town.vara_koordinator.confirms()
    assert "Jeg tar over" in town.vara_koordinator.offers("tot-bot")


@story(*ASKED, confirmed=("politi-exit",))
async def test_of_two_meetings_the_earlier_stands_in_the_question(town: Town) -> None:
    for day, clock in (("fredag", "10"), ("torsdag", "8")):
        await town.koordinator.does(f"/tot møte {day} kl {clock}", {"Sted": "Møterom Nord"}, in_=town.room)
        await town.later("5 min")
    assert town.rings() == {"barnevern": 2, "politi-exit": 4}, "two summons with their files"
    (question,) = town.barnevern.messages
    assert question.startswith("*Møte torsdag 3. desember kl. 8, fysisk*")
    await town.barnevern.confirms()
    summons = [text for text in town.barnevern.messages if SUMMONS in text]
    first, *others = [text.split("*Når:* ")[1].split("\n")[0] for text in summons]
    assert first == "torsdag 3. desember kl. 8–9"
    assert set(others) == {"torsdag 3. desember kl. 10–11", "fredag 4. desember kl. 10–11"}
    assert len(others) == 2
    assert "Du bekreftet taushetsplikten" in summons[0]


@story(*ASKED, confirmed=("politi-exit",))
async def test_anybody_may_write_and_gets_what_waits_for_them_with_its_buttons(town: Town) -> None:
    for person, offered in (
        (town.politi_exit, ["Jeg kommer", "Kan ikke", "Ikke vår sak"]),
        (town.barnevern, [CONFIRM, "Kan ikke", "Ikke vår sak"]),
        (town.utenforstaende, ["Be om at TOT kalles sammen"]),
    ):
        await person.writes("hei")
        assert town.rings() == {person.handle: 1}
        assert person.offers("tot-bot") == offered
    town.utenforstaende.sees("Ingenting venter på deg nå.")
    town.barnevern.sees("*Dette venter på deg.*")
    town.barnevern.sees_no(town.code, but="*Dette venter på deg.*")
    await town.barnevern.confirms()
    town.barnevern.sees_no(CONFIRM, but=SUMMONS)
    town.rings()
    for _ in range(3):
        await town.barnevern.writes("hei")
    assert sum(text.startswith("*Dette venter på deg.*") for text in town.barnevern.messages) == 1
    assert town.rings() == {"barnevern": 3}


def of_a_town(text: str) -> str:
    """A shelter without a number, an agency without contacts, and the team's own words in nynorsk."""
    (health,) = (line for line in text.splitlines() if "U0HELSE" in line)
    own = ('# [teams.statement]\n# nb = "…"', '[teams.statement]\nnn = "Vår eiga fråsegn."\n#')
    return changed((health, "contacts = []"), ('duty_line = "55 00 00 07"\n', ""), own)(text)


@story(partners=of_a_town)
async def test_a_team_with_a_statement_of_its_own_and_agencies_that_cannot_be_asked(town: Town) -> None:
    await town.barnevern.types("/tot språk nynorsk")
    await town.opens_case("Politiet", "Barneverntjenesten", "botilbud 1", "Helsetjenesten")
    listed = town.koordinator.sees("*Ring disse", in_="tot-bot")
    assert "*Helsetjenesten:* ingen å spørre. Finn ut hvem som kan komme" in listed
    assert "*Vakttelefon:* 55 00 00 08" in listed
    assert "hos botilbud 1\nVakttelefon er ikke lagt inn." in listed, "and no mail address"
    town.barnevern.sees("Vår eiga fråsegn.\nTeieplikta gjeld òg at saka finst.")
    assert town.barnevern.offers("tot-bot") == ["Eg stadfestar teieplikta", "Kan ikkje", "Ikkje vår sak"]
    assert "Alt om saken er taushetsbelagt" in town.politi_exit.sees("Avvergeplikten gjelder alle")
    await town.koordinator.does("/tot avlys", in_=town.room)
    town.barnevern.sees("*Kan du vere med?*")
    town.politi_exit.sees("*Kan du være med?*", "Det er ikke satt noe møte nå.")
    await town.koordinator.does("/tot inviter bistandsadvokat", in_=town.room)
    (question,) = town.bistandsadvokat.messages
    assert question.startswith("*Akutt: kan du være med?*")
    assert "Det er ikke satt noe møte nå." in question
    await town.bistandsadvokat.confirms()
    assert "bistandsadvokat" in town.inside()
    confirmed = f"Du bekreftet taushetsplikten for sak {town.code} tirsdag 1. desember"
    town.bistandsadvokat.sees_no(SUMMONS, but=confirmed)


OUT = "Ta ut som kontaktperson"


async def seen_by(town: Town, handle: str) -> dict[str, str]:
    """Return all that somebody can ask the bot about themselves."""
    who, seen = town.person(handle), {}
    for typed in ("/tot innsyn", "/tot hjelp", "/tot prøve", "/tot"):
        said = await who.types(typed)
        seen[typed] = said or who.form.partition("\n")[0]
    seen["home"] = await who.looks_at_home()
    seen["messages"] = "\n".join(who.messages)
    assert "Det du har fått fra TOT, står" in seen["/tot innsyn"]
    return seen


@story(*ASKED, confirmed=("politi-exit", "vara-koordinator"))
async def test_a_deputy_who_waits_or_is_refused(town: Town) -> None:
    before = await seen_by(town, "politi-vakt")
    await town.politi_exit.presses("Kan ikke", in_="tot-bot")
    await town.politi_exit.sends({"Hvorfor": "borte fra jobb", "i stedet": "Vakthavende"})
    assert await seen_by(town, "politi-vakt") == before
    await town.koordinator.presses("Avslå", in_="tot-bot")
    assert await seen_by(town, "politi-vakt") == before


@story()
async def test_a_shelter_that_is_in_a_case_also_where_its_leader_keeps_its_contacts(town: Town) -> None:
    # First, about a drill planned for the next morning.
    await town.later("14 t")
    before = await seen_by(town, "helse")
    await town.koordinator.does("/tot prøve")
    assert await seen_by(town, "helse") == before

    async def contact(handle: str) -> str:
        who = town.person(handle)
        await who.types("/tot tjeneste")
        await who.steps({"Hvilken tjeneste?": "botilbud 1"})
        await who.presses("Endre", near="1. kontaktperson")
        return who.form

    before = await seen_by(town, "botilbud")
    await town.opens_case("Politiet", "botilbud 1")
    assert await seen_by(town, "botilbud") == before
    assert OUT in await contact("koordinator")
    await town.koordinator.sends({"Mer": ["Leder for tjenesten: svarer ved å si hvem som kommer"]})
    assert OUT not in await contact("botilbud"), "refused because of a seat it would tell of the case"


@story(*ASKED)
async def test_the_unconfirmed_see_no_code_and_the_released_no_deletion(town: Town) -> None:
    welfare, workspace = town.barnevern, town.runner.sandbox.workspace
    assert not [place for place, text in (await seen_by(town, "barnevern")).items() if town.code in text]
    for who in (welfare, town.politi_exit):
        await who.confirms()
    await welfare.presses("Kan ikke", in_="tot-bot")
    assert welfare.person.modal is not None
    left_open = welfare.person.modal.view.payload

    async def sent_late() -> str:
        """Submit the form that has been open all the time; return the answer."""
        view = modals.show(workspace, welfare.person.id, left_open)
        await town.runner.sandbox.interactions.submit(welfare.person.id, view)
        await town.rest()
        return welfare.form

    await town.koordinator.does("/tot ut barnevern", in_=town.room)
    released = await seen_by(town, "barnevern")
    assert "slettes" not in "".join(released.values())
    await town.koordinator.does("/tot avslutt", in_=town.room)
    await town.later("15 d")
    assert welfare.messages == [], "before the case goes, which nobody sees by it"
    town.politi_exit.sees("er avsluttet", in_="tot-bot")
    said = await sent_late()
    assert "har du ikke tilgang til, eller så finnes det ikke" in said
    await town.later("45 d")
    assert await sent_late() == said
    assert await seen_by(town, "barnevern") == {**released, "messages": ""}


@story(*ASKED, confirmed=("politi-exit",))
async def test_innsyn_tells_ones_own_roles_and_acts_and_of_nobody_else(town: Town) -> None:
    said = await town.politi_exit.types("/tot innsyn")
    for told in (
        "*Du er:*\n• kontaktperson i Politiet: Etterforsker, EXIT, i arbeidstiden, nr. 1 på vakt",
        "• tirsdag 1. desember 2026 kl. 09:0",
        "taushetsplikt bekreftet",
        "personvernforordningen artikkel 15",
    ):
        assert told in said, told
    assert "sak opprettet" not in said
    koordinators = await town.koordinator.types("/tot innsyn")
    assert "• koordinator i TOT Bergen fra " in koordinators
    assert "sak opprettet" in koordinators
    strangers = await town.utenforstaende.types("/tot innsyn")
    assert "•" not in strangers, "nor that there is nothing"
    for each in (said, koordinators, strangers):
        assert town.code not in each
    assert "nr. 3 på vakt, leder" in await town.politi_leder.types("/tot innsyn")
