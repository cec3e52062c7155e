"""A meeting in everybody's own calendar, by mail: added, moved, removed; and answers from there."""

from __future__ import annotations

from sandbox.cast import WORK_MAILS
from sandbox.mail.calendar import PartStat
from sandbox.mail.clients import Client
from tests.stories import story
from tests.stories.test_ringing import CONFIRMS, rang
from tests.stories.town import Town

ASKED = ("Politiet", "Barneverntjenesten", "UDI")
CONFIRMED = ("politi-exit", "barnevern")
HELD = "Et svar på e-post er ikke registrert"


def calendars(town: Town) -> dict[str, list[str]]:
    """Return the entries of each calendar: day and sequence."""
    found = {h: [f"{e.starts_at:%d.%m} {e.sequence}" for e in town.runner.calendar(h)] for h in WORK_MAILS}
    return {handle: entries for handle, entries in found.items() if entries}


async def answers(town: Town, handle: str, answer: PartStat, client: Client = "outlook", **how: str) -> None:
    """Answer in somebody's calendar."""
    town.runner.answers(handle, answer, client, **how)
    await town.rest()


@story(*ASKED, "Sosialtjenesten", "botilbud 1", confirmed=CONFIRMED, mail=True)
async def test_a_meeting_stands_in_the_calendars_of_those_who_are_asked(town: Town) -> None:
    """For people who have confirmed taushetsplikt, but no shelter; it is moved there, and removed."""
    lead, police = town.koordinator, town.politi_exit
    assert calendars(town) == {"barnevern": ["03.12 0"], "politi-exit": ["03.12 0"]}
    await rang(town, "UDI", CONFIRMS)
    await rang(town, "botilbud 1", CONFIRMS)
    assert town.rings() == {"udi": 1}
    assert calendars(town)["udi"] == ["03.12 0"]
    await police.presses("Jeg kommer")
    await lead.does("/tot flytt", {"Dagsorden": "kanarimøte"}, in_=town.room)
    assert town.rings() == {}, "neither an answer nor another note is news"

    await town.later("1 min")
    first = {h: town.runner.calendar(h)[0].uid for h in ("politi-exit", "udi")}
    shown = await lead.opens("/tot flytt fredag kl 12", {}, in_=town.room)
    assert "• UDI: Saksbehandler. Får e-post. Ring hvis det haster." in shown
    assert "botilbud 1: 55 00 00 07." in shown.partition("*Må få vite det av deg")[2]
    assert "UDI" not in shown.partition("*Må få vite det av deg")[2]
    await lead.sends()
    # A question in Slack and a mail; only the mail without Slack, only the question if unconfirmed.
    assert town.rings() == {"barnevern": 2, "politi-exit": 2, "sosialtjenesten": 1, "udi": 1}
    assert calendars(town) == {h: ["04.12 1"] for h in ("barnevern", "politi-exit", "udi")}
    assert {h: town.runner.calendar(h)[0].uid for h in first} == first

    await lead.does("/tot ut", {"Tjeneste": "Barneverntjenesten"}, in_=town.room)
    assert town.rings() == {"barnevern": 2}
    assert calendars(town) == {h: ["04.12 1"] for h in ("politi-exit", "udi")}
    await police.does("Kan ikke", {"Hvorfor": "på reise", "i stedet": "Vakthavende"})
    assert calendars(town)["politi-exit"] == ["04.12 1"], "until a deputy is asked"
    await lead.presses("Godkjenn")
    await town.politi_vakt.confirms()
    assert calendars(town) == {"politi-vakt": ["04.12 0"], "udi": ["04.12 1"]}
    await police.presses("Jeg kan komme likevel")
    assert calendars(town) == {"politi-exit": ["04.12 0"], "udi": ["04.12 1"]}
    assert town.runner.calendar("politi-exit")[0].uid != first["politi-exit"]
    await lead.types("/tot avlys", in_=town.room)
    lead.sees("UDI får e-post. Ring hvis det haster.", "Du må selv si fra til botilbud 1.", in_="modal")
    assert await town.rings_when(lead.sends()) == {"koordinator": 1, "politi-exit": 3, "udi": 1}
    assert calendars(town) == {}
    assert "Kalenderen din får beskjed på e-post." in police.sees("er avlyst", in_="tot-bot")


@story(*ASKED, confirmed=CONFIRMED, mail=True)
async def test_an_answer_in_the_calendar_is_an_answer(town: Town) -> None:
    lead, police, child = town.koordinator, town.politi_exit, town.barnevern
    await rang(town, "UDI", CONFIRMS)
    town.rings()
    child.sees_no("kanskje", but="Kommer du på møtet")
    await answers(town, "politi-exit", "ACCEPTED", "google")
    police.sees("Du kommer på møtet")
    assert town.rings() == {}
    # «Kanskje» is no answer, and withdraws the earlier one.
    await answers(town, "barnevern", "ACCEPTED", "apple")
    assert "*2 kommer*" in lead.reads(town.room)
    await town.later("1 min")
    await answers(town, "barnevern", "TENTATIVE")
    assert set(town.rings()) == {"barnevern"}
    assert "Du har svart «kanskje» i kalenderen" in child.sees("Det regnes ikke som et svar.")
    assert "*1 kommer* · 2 har ikke svart" in lead.reads(town.room)
    await lead.types("/tot ring", in_=town.room)
    lead.sees("Har svart «kanskje» i kalenderen. Det regnes ikke som et svar.", in_="modal")
    # A forfall asks in Slack for the reason and a deputy, and the coordinator is told.
    await town.later("1 min")
    uid = town.runner.calendar("barnevern")[0].uid
    await answers(town, "barnevern", "DECLINED", comment="kanariord ring meg")
    assert town.rings() == {"koordinator": 1}
    child.sees_no("kanskje", but="Du har meldt forfall i kalenderen")
    assert "Forfall uten vara. Grunn: ikke oppgitt." in lead.sees("Ring disse")
    await child.does("Oppgi grunn og vara", {"Hvorfor": "på reise"})
    assert "Grunn: på reise" in lead.sees("Ring disse")
    await town.later("1 min")
    await answers(town, "barnevern", "DECLINED", uid=uid)
    assert "Grunn: på reise" in lead.sees("Ring disse")
    # The latest answer counts, from either side.
    await child.presses("Jeg kan komme likevel")
    assert "*2 kommer*" in lead.reads(town.room)
    # A person with only a mail is on the list to ring, and gets no mail about it.
    await town.later("1 min")
    town.rings()
    uid = town.runner.calendar("udi")[0].uid
    await answers(town, "udi", "DECLINED")
    assert town.rings() == {"koordinator": 1}
    assert "UDI" in lead.sees("Forfall uten vara")
    await town.later("1 min")
    await answers(town, "udi", "DECLINED", uid=uid)
    assert "udi" not in town.rings()
    await town.later("1 min")
    await answers(town, "udi", "ACCEPTED", uid=uid)
    assert "*3 kommer*" in lead.reads(town.room)
    town.politi_exit.sees_no("kanariord", but="Du kommer på møtet")
    lead.sees_no("kanariord", but="*3 kommer*")
    lead.sees_no(HELD, but="*3 kommer*")
    # A mail in words is told of, and not read.
    town.rings()
    town.runner.writes_back("barnevern", "kanariord jeg blir sen")
    await town.rest()
    unread = "Det er en vanlig e-post, og jeg leser ikke hva som står der."
    assert unread in lead.sees("@barnevern (Barneverntjenesten)", in_="tot-bot")
    assert town.rings() == {"koordinator": 1}
    lead.sees_no("kanariord", but=HELD)
    # Another time asks again.
    await town.later("1 min")
    await answers(town, "politi-exit", "TENTATIVE")
    police.sees("Du har svart «kanskje» i kalenderen")
    await lead.does("/tot flytt fredag kl 12", in_=town.room)
    police.sees_no("kanskje", but="Møtet er flyttet")


@story(*ASKED, confirmed=CONFIRMED, mail=True)
async def test_a_mail_that_comes_too_late_is_no_longer_waited_for(town: Town) -> None:
    lead, mail, waits = (
        town.koordinator,
        town.runner.mail,
        "Kalenderinvitasjoner på e-post blir ikke sendt nå",
    )
    assert mail is not None
    mail.faults.busy = True
    await lead.does("/tot flytt i dag kl 10", in_=town.room)
    await town.later("20 min")
    assert "@politi-exit (Politiet)" in lead.sees(waits)
    await town.until("10:00")
    lead.sees_no(waits, but="Møtet begynner")


@story(*ASKED, confirmed=CONFIRMED, mail=True)
async def test_a_withdrawal_that_is_refused_is_told_of_who_has_only_a_mail(town: Town) -> None:
    lead, mail = town.koordinator, town.runner.mail
    assert mail is not None
    await rang(town, "UDI", CONFIRMS)
    mail.faults.content = False
    await town.politi_exit.is_deactivated()
    lead.sees_no("kom ikke fram", but="har ikke lenger konto i Slack")
    await lead.does("/tot avlys", in_=town.room)
    assert "E-postadressen ble avvist." in lead.sees("kom ikke fram til UDI")
    lead.sees_no("kom ikke fram til Barneverntjenesten", but="kom ikke fram til UDI")
