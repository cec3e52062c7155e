"""Nobody learns that they were named: what they can ask of themselves is the same before and after."""

from __future__ import annotations

from bot.cli.person import told_to
from sandbox import modals
from sandbox.cast import CAST
from tests.stories import story
from tests.stories.town import Town

BOTH = ("Politiet", "Barneverntjenesten")
OUT = "Ta ut som kontaktperson"


async def seen_by(town: Town, handle: str) -> dict[str, str]:
    """All that somebody can ask the bot about themselves, and what the operator would hand them."""
    who, seen = town.person(handle), {}
    for typed in ("/tot innsyn", "/tot hjelp", "/tot prøve", "/tot"):
        said = await who.types(typed)
        seen[typed] = said or who.form.partition("\n")[0]
    seen["home"] = await who.looks_at_home()
    seen["messages"] = "\n".join(who.messages)
    seen["handed out"] = await told_to(town.rehearsal.bot.database, CAST[handle])
    assert "Dette har du fått fra TOT" in seen["/tot innsyn"]
    assert seen["handed out"] == seen["/tot innsyn"]
    return seen


@story(*BOTH, confirmed=("politi-exit", "vara-koordinator"))
async def test_a_deputy_who_waits_or_is_refused(town: Town) -> None:
    before = await seen_by(town, "politi-vakt")
    await town.politi_exit.presses("Kan ikke", in_="tot-bot")
    await town.politi_exit.sends({"Hvorfor": "borte fra jobb", "i stedet": "Vakthavende"})
    assert await seen_by(town, "politi-vakt") == before
    await town.koordinator.does("Avslå", {"Grunn": "En annen trengs"}, in_="tot-bot")
    assert await seen_by(town, "politi-vakt") == before


@story()
async def test_a_shelter_that_is_in_a_case_also_where_its_leader_keeps_its_contacts(town: Town) -> None:
    koordinator = town.koordinator
    # Of a drill that is to come in the morning first.
    await town.later("14 t")
    before = await seen_by(town, "helse")
    await town.koordinator.does("/tot prøve")
    assert await seen_by(town, "helse") == before

    async def contact(handle: str) -> str:
        who = town.person(handle)
        await who.types("/tot tjeneste")
        await who.steps({"Hvilken tjeneste?": "botilbud 1"})
        await who.steps({"Hva vil du endre?": "1. kontaktperson"})
        return who.form

    before = await seen_by(town, "botilbud")
    await town.opens_case("Politiet", "botilbud 1")
    assert await seen_by(town, "botilbud") == before
    assert OUT in await contact("koordinator")
    await koordinator.sends({"Mer": ["Leder for tjenesten: svarer ved å si hvem som kommer"]})
    assert OUT not in await contact("botilbud"), "refused because of a seat it would tell of the case"


@story(*BOTH)
async def test_the_unconfirmed_see_no_code_and_the_released_no_deletion(town: Town) -> None:
    welfare, workspace = town.barnevern, town.runner.sandbox.workspace
    assert not [place for place, text in (await seen_by(town, "barnevern")).items() if town.code in text]
    for who in (welfare, town.politi_exit):
        await who.confirms()
    await welfare.presses("Kan ikke", in_="tot-bot")
    assert welfare.person.modal is not None
    left_open = welfare.person.modal.view.payload
    await welfare.puts_away()

    async def sent_late() -> str:
        """The answer of the form that has stood open all the while."""
        view = modals.show(workspace, welfare.person.id, left_open)
        await town.runner.sandbox.interactions.submit(welfare.person.id, view)
        await town.rest()
        said = welfare.form
        await welfare.puts_away()
        return said

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


@story(*BOTH, confirmed=("politi-exit",))
async def test_innsyn_tells_ones_own_roles_and_acts_and_of_nobody_else(town: Town) -> None:
    said = await town.politi_exit.types("/tot innsyn")
    for told in (
        "• kontaktperson i Politiet: Etterforsker, EXIT, i arbeidstiden, nr. 1 på vakt",
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
