"""A team with as much of everything as it may have, all named at the greatest length and with markup.

The judges see to it that Slack accepts all of it, and that no name becomes a mention.
"""

from __future__ import annotations

import re
from contextlib import suppress

from sandbox.people.visibility import CouldNot
from tests.stories import story
from tests.stories.anything import WORDS
from tests.stories.judges import MENTION
from tests.stories.test_choices import IN, opens_every_form
from tests.stories.town import Town, Townsperson

#: As much as a partners file takes.
LONGEST_NAME, LONGEST_TEXT = 75, 2000
AGENCIES, PLACES, NEEDS, POINTS = 100, 50, 40, 20


def wild(name: str) -> str:
    """Return a name at its greatest length; it grows when it is escaped."""
    return f"{name} {MENTION}{'Æ&<' * LONGEST_NAME}"[:LONGEST_NAME]


def longest(most: int) -> str:
    return (f"{MENTION}Æ&< " * most)[:most].strip()


def _listed(key: str, number: int) -> str:
    names = ["Møterom Nord", *map(str, range(1, number))]
    return f"{key} = [{', '.join(repr(wild(name)) for name in names)}]\n"


def crowded(partners: str) -> str:
    """Return the partners file of such a team; «Politiet» is `wild("Politiet")` there."""
    text = re.sub(r'\b((?:name|title) = )"([^"]*)"', lambda m: f'{m[1]}"{wild(m[2])}"', partners)
    text = re.sub(r"places = .*\n", _listed("places", PLACES) + _listed("needs", NEEDS), text, count=1)
    text = re.sub(r"agenda = \[.*?\]\n", _listed("agenda", POINTS), text, count=1, flags=re.S)
    statement = longest(LONGEST_TEXT)
    text = text.replace("[teams.rules]\n", f"[teams.statement]\nnb = '{statement}'\n\n[teams.rules]\n", 1)
    listed = len(re.findall(r"^\[\[teams\.agencies\]\]", text, re.M))
    for n in range(listed, AGENCIES):
        contact = f"{{ work_mail = 'x{n}@mail.example', title = '{wild('')}' }}"
        text += (
            f"\n[[teams.agencies]]\nkey = 'x{n}'\nkind = 'health'\nname = '{wild(str(n))}'\n"
            f"duty_line = '55 00 00 09'\ncontacts = [{contact}]\n"
        )
    return text


async def tries_everything(town: Town, *people: Townsperson) -> None:
    """Type every word, press every button in their messages, and close what it opens."""
    for who in people:
        place = next(reversed(town.rooms_of(who.handle)), "#generelt")
        for word in WORDS:
            await who.types(f"/tot {word}", in_=place)
        await who.puts_away()
        for label in dict.fromkeys(who.offers("tot-bot")):
            # Some go with the one pressed before; several that look the same are one too many to choose from.
            with suppress(CouldNot):
                await who.presses(label, in_="tot-bot")
        await who.puts_away()


BOTH = (wild("Politiet"), wild("Barneverntjenesten"))
NOTE = longest(300)
LATER = tuple(wild(str(n)) for n in range(20, 60))
#: As much as the form of a new case takes.
MOST = {"Hvor mange": 26, "Tjenester som kanskje": list(LATER), "Dagsorden eller merknad": NOTE}


@story(*BOTH, confirmed=IN, fields=MOST, partners=crowded)
async def test_every_form_opens(town: Town) -> None:
    await opens_every_form(town)


@story(*BOTH, *LATER[:20], confirmed=IN, partners=crowded)
async def test_a_case_of_many_goes_its_way(town: Town) -> None:
    lead, room = town.koordinator, town.room
    for handle in ("koordinator", "politi-exit", "helse"):
        await town.person(handle).looks_at_home()
    for word, fields in (
        ("inviter", {"Tjeneste": wild("Helsetjenesten")}),
        ("flytt fredag kl 12", {"Dagsorden": NOTE}),
        ("tiltak", {"Ansvarlig tjeneste": BOTH[0], "Hva skal gjøres?": longest(120)}),
        ("ut", {"Tjeneste": LATER[0]}),
        ("person", {"Hvor mange": "25"}),
        ("vent", {"Hvorfor": "Vi har ikke kontakt"}),
    ):
        await lead.does(f"/tot {word}", fields, in_=room)
    await town.politi_exit.does("Kan ikke", {"i stedet": "Vakthavende"}, in_="tot-bot")
    await lead.presses("Godkjenn", in_="tot-bot")
    await tries_everything(town, lead, town.politi_vakt, town.barnevern)
    await town.until("13:01", days=3)
    await tries_everything(town, lead, town.politi_vakt, town.barnevern)
    came = {**dict.fromkeys(BOTH, "Møtte"), **dict.fromkeys(LATER[1:20], "Uteble uten å si fra")}
    await lead.does("/tot oppmøte", came, in_=room)
    await lead.does("/tot avslutt", in_=room)
    await lead.does("/tot gjenåpne", in_=room)
    assert "ikke avsluttet" in await lead.types("/tot gjenåpne", in_=room)


@story(partners=crowded)
async def test_what_lies_outside_cases(town: Town) -> None:
    lead = town.koordinator
    await lead.looks_at_home()
    await lead.types("/tot fellesmøte fredag kl 12")
    await lead.sends({"Emne": longest(120), "Sted": wild("1"), "Dagsorden": NOTE})
    await town.helse.presses("Kommer", in_="tot-bot")
    await lead.does("Endre fellesmøtet", {"Når": town.runner.day(6, "13:00")}, in_="tot-bot")
    await lead.does("/tot prøve")
    await lead.types("/tot tjeneste politi")
    await town.helse.does("/tot kall", {"Hvor fort": "I dag", "merk": NOTE})
    await town.helse.does("/tot veiledning", {"Tema": "Annet", "Hva vil du drøfte?": longest(1500)})
    await lead.does("Svar", {"Svaret": longest(2500)}, in_="tot-bot")
    await tries_everything(town, lead, town.helse)
    await lead.types("/tot hvem utskrift")
    ((name, page),) = lead.files()
    assert name.endswith(".html")
    assert page.startswith(b"<!DOCTYPE html>")
    assert page.count(b"<tr>") == page.count(b"</tr>") > AGENCIES
    assert b"<!channel" not in page
    assert b"Institusjonen" not in page, "it has a cover name"
