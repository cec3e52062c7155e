"""A meeting in everybody's own calendar, by mail: told, moved, taken out; and answers that come from there."""

from __future__ import annotations

from tests.stories import story
from tests.stories.town import Town

ASKED = ("Politiet", "Barneverntjenesten", "UDI")
CONFIRMED = ("politi-exit", "barnevern")
CONFIRMS = {"Taushetsplikten": "Har fått dette forklart, og bekrefter det"}
HELD = "Et svar på e-post er ikke registrert"


async def confirms_by_phone(town: Town, near: str = "UDI") -> None:
    await town.koordinator.presses("Registrer svar", in_="tot-bot", near=near)
    await town.koordinator.sends(CONFIRMS)


def calendars(town: Town) -> dict[str, list[str]]:
    """What stands in whose calendar: the day, the clock and the edition of each entry."""
    people = ("politi-exit", "politi-vakt", "barnevern", "sosialtjenesten", "helse", "udi", "botilbud")
    return {
        h: [f"{e.starts_at:%d.%m} {e.sequence}" for e in town.runner.calendar(h)]
        for h in people
        if town.runner.calendar(h)
    }


@story(*ASKED, "Sosialtjenesten", "botilbud 1", confirmed=CONFIRMED, mail=True)
async def test_the_meeting_is_in_the_calendars_of_who_has_confirmed(town: Town) -> None:
    lead = town.koordinator
    print(calendars(town), town.rings())
    await confirms_by_phone(town)
    print(calendars(town), town.rings())
    await confirms_by_phone(town, "botilbud 1")
    print(calendars(town), town.rings())
    await town.politi_exit.presses("Jeg kommer")
    print(calendars(town), town.rings())
    await lead.types("/tot flytt", in_=town.room)
    await lead.sends({"Dagsorden": "kanarimøte"})
    print(calendars(town), town.rings())
    await lead.types("/tot flytt fredag kl 12", in_=town.room)
    print(await lead.looks_over())
    await lead.sends()
    print(calendars(town), town.rings())
    await lead.types("/tot ut", in_=town.room)
    await lead.sends({"Tjeneste": "Barneverntjenesten"})
    print(calendars(town), town.rings())
    await town.politi_exit.presses("Kan ikke")
    await town.politi_exit.sends({"Hvorfor": "på reise", "i stedet": "Vakthavende"})
    await lead.presses("Godkjenn")
    await town.politi_vakt.confirms()
    print(calendars(town), town.rings())
    await town.politi_exit.presses("Jeg kan komme likevel")
    print(calendars(town), town.rings())
    await lead.types("/tot avlys", in_=town.room)
    print(lead.form)
    await lead.sends()
    print(calendars(town), town.rings())
    for s in town.runner.mail.sent:
        print(s.recipient, s.raw.decode()[:900])
    assert 0


@story(*ASKED, confirmed=CONFIRMED, mail=True)
async def test_answers(town: Town) -> None:
    lead = town.koordinator
    await confirms_by_phone(town)
    town.rings()
    await town.runner.replies("politi-exit", "ACCEPTED", "google")
    await town.rest()
    print(town.rings(), town.politi_exit.messages)
    await town.runner.replies("barnevern", "TENTATIVE", "outlook")
    await town.rest()
    print(town.rings(), town.barnevern.messages)
    await town.runner.replies("barnevern", "DECLINED", "outlook")
    await town.rest()
    print(town.rings(), town.barnevern.messages, lead.messages)
    await town.runner.replies("udi", "DECLINED", "outlook")
    await town.rest()
    print(town.rings(), lead.messages)
    await town.later("1 t")
    town.runner.mail.answer_as("exit@politi.example", "kollega@politi.example", "DECLINED")
    await town.rest()
    print(town.rings(), lead.messages)
    town.runner.writes_back("politi-exit", "jeg blir sen, Ola")
    await town.rest()
    print(town.rings(), lead.messages)
    print(lead.reads(town.room))
    assert 0
