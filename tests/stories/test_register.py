"""Who came: registered, corrected, told; why nobody did; the minutes."""

from __future__ import annotations

from tests.stories import story
from tests.stories.test_roll_call import BEGINS, CHAIRS, CONFIRMS, FIVE, HERE, ON_SLACK, VIDEO
from tests.stories.town import Town

AWAY, CAME = "Uteble uten å si fra", "Møtte"
BY_NOTICE, NOT_REACHED = "Møtte ikke, hadde meldt forfall", "Ble ikke nådd"
ALL_CAME = dict.fromkeys(FIVE, CAME)
MISSED = "Vi savnet"

held = story(
    *FIVE, when="i dag kl 10", confirmed=ON_SLACK, answered=("politi-exit", "barnevern"), fields=VIDEO
)


async def registers(town: Town, **came: str) -> None:
    """The coordinator fills in, or corrects, who came."""
    await town.koordinator.types("/tot oppmøte", in_=town.room)
    await town.koordinator.sends(came)


async def over(town: Town, *there: str) -> None:
    """The meeting is over, at which these tapped at its start."""
    await town.until("10:00")
    await town.later("1 s")
    for person in town.people(there):
        await person.presses(HERE, in_=town.room)
    await town.until("11:30")
    town.rings()


@held
async def test_a_meeting_becomes_its_minutes(town: Town) -> None:
    lead, chair = town.koordinator, town.politi_exit
    await town.until("10:12")
    await chair.presses(HERE, in_=town.room)
    await lead.picks("Velg møteleder")
    await lead.sends({"Møteleder": "politi-exit"})
    await chair.chooses("Kryss av", "Tolk", in_=town.room)
    await town.barnevern.types("/tot oppmøte", in_=town.room)
    print(town.barnevern.whispers, town.barnevern.form)
    await town.until("11:00")
    await town.later("1 s")
    print(town.rings())
    print(lead.messages[-1])
    await lead.presses("Registrer svar", in_="tot-bot", near="UDI")
    await lead.sends(CONFIRMS)
    await chair.types("/tot oppmøte", in_=town.room)
    print(chair.form)
    await chair.is_refused()
    print(
        await chair.is_refused(
            {
                "Barneverntjenesten": CAME,
                "UDI": CAME,
                "Sosialtjenesten": AWAY,
                "Helsetjenesten": BY_NOTICE,
                "Skriftlig rapport mottatt fra": ["UDI"],
            }
        )
    )
    town.rings()
    await chair.sends({"Skriftlig rapport mottatt fra": ["Helsetjenesten"]})
    print(town.rings())
    print(lead.reads(town.room))
    for t in lead.messages:
        print("---\n" + t)
    print(await lead.looks_at_home())
    await registers(town, Helsetjenesten=CAME)
    assert 0


@held
async def test_early(town: Town) -> None:
    lead = town.koordinator
    await town.until("10:05")
    await registers(town, **dict.fromkeys(FIVE[:4], CAME), UDI=NOT_REACHED)
    assert 0
