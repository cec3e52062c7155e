"""Plassering: tre etater må være med, og slutten kommer aldri uten varsel."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sandbox.exercises.runner import ZONE, Stage
from sandbox.people.person import Person
from sandbox.people.visibility import CouldNot

TITLE = "Plassering i et halvt år"
SENTENCE = "Plasseringen får ikke starte uten utlendingsmyndighet, og planlegges så til den er over."
STARTS = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)

FROM, TO = date(2026, 12, 2), date(2027, 5, 24)
#: Mornings on which the bot proposes a planning meeting; Easter Monday becomes the Wednesday before.
PROPOSED = (date(2027, 3, 24), date(2027, 4, 26), date(2027, 5, 10))
CONFIRM = "Jeg bekrefter taushetsplikten"


async def play(stage: Stage) -> None:
    """Act it out."""
    await _opened(stage)
    room = next(name for name in stage.person("koordinator").channels() if name.startswith("rom-"))
    await _refused(stage, room)
    await _invited(stage, room)
    await _placed(stage, room)
    await _working(stage, room)
    for number, day in enumerate(PROPOSED, start=1):
        await _planned(stage, number, day)
    await _over(stage, room)
    await _closed(stage, room)


async def _opened(stage: Stage) -> None:
    stage.chapter("Saken opprettes", "Politi og barnevern er med fra første dag.")
    koordinator = stage.person("koordinator")
    await koordinator.types("/tot sak i overmorgen kl 10")
    await koordinator.sees_modal("Opprett sak")
    agencies = ["Politiet", "Barneverntjenesten"]
    await koordinator.fills({"Etater som spørres nå": agencies, "Sted": "Møterom Nord"})
    await stage.sends(koordinator)
    await stage.sends(koordinator)
    await stage.settle()
    for handle in ("politi-exit", "barnevern"):
        person = stage.person(handle)
        await person.presses(CONFIRM, in_="tot-bot")
        await stage.settle()
        await person.presses("Bekreft", in_="tot-bot")
        await stage.settle()


async def _refused(stage: Stage, room: str) -> None:
    stage.chapter("Plasseringen får ikke starte", "Boten sier hvem som mangler.")
    koordinator = stage.person("koordinator")
    await _chooses(stage, koordinator, room, "Ny plassering")
    await _reads(koordinator, "Nå mangler: utlendingsmyndighet")
    await koordinator.closes()


async def _invited(stage: Stage, room: str) -> None:
    stage.chapter("UDI kommer med", "UDI er ikke på Slack. Koordinatoren ringer og fører inn svaret.")
    koordinator = stage.person("koordinator")
    await koordinator.types("/tot inviter UDI", in_=room)
    await koordinator.sees_modal()
    await stage.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await stage.sends(koordinator)
    await stage.settle()
    await koordinator.presses("Taushetsplikt er bekreftet", in_="tot-bot")
    await koordinator.sees_modal()
    await koordinator.fills({"Hvordan": "på telefon"})
    await stage.sends(koordinator)
    await stage.settle()


async def _placed(stage: Stage, room: str) -> None:
    stage.chapter("Plasseringen føres inn", "Datoene skrives inn av et menneske, og bekreftes.")
    koordinator = stage.person("koordinator")
    await _chooses(stage, koordinator, room, "Ny plassering")
    await _reads(koordinator, "Sjekk gjeldende lov")
    await koordinator.fills({"Fra": FROM, "Til": TO + timedelta(days=30)})
    await stage.is_refused(koordinator)
    await koordinator.fills({"Til": TO})
    await stage.sends(koordinator)
    await _reads(koordinator, "mandag 24. mai 2027")
    await stage.sends(koordinator)
    await stage.settle()
    await stage.person("barnevern").sees("Plassering av A", in_=room)


async def _working(stage: Stage, room: str) -> None:
    stage.chapter("Arbeidsfasen begynner", "Det første møtet er holdt, og nå er det langt til neste.")
    koordinator = stage.person("koordinator")
    await stage.until(stage.day(3, "09:00"))
    await _registers(stage, koordinator)
    await koordinator.types("/tot fase", in_=room)
    await koordinator.sees_modal()
    await koordinator.fills({"Fase": "Arbeidsfase"})
    await stage.sends(koordinator)
    await stage.settle()


async def _planned(stage: Stage, number: int, day: date) -> None:
    stage.chapter(f"Planmøte {number}", "Boten foreslår, koordinatoren kaller inn.")
    koordinator = stage.person("koordinator")
    await stage.until(datetime(day.year, day.month, day.day, 8, 30, tzinfo=ZONE))
    await koordinator.presses("Kall inn til planmøte", in_="tot-bot")
    await _reads(koordinator, "politi, barnevern og utlendingsmyndighet kalles inn")
    await koordinator.fills({"Sted": "Møterom Nord"})
    await stage.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await stage.sends(koordinator)
    await stage.settle()
    for handle in ("politi-exit", "barnevern"):
        await stage.person(handle).presses("Bekreft", in_="tot-bot")
        await stage.settle()
    await koordinator.presses("Registrer svar", in_="tot-bot")
    await koordinator.sees_modal()
    await koordinator.fills({"Hva svarte de?": "Kommer"})
    await stage.sends(koordinator)
    await stage.settle()
    await stage.until(stage.day(7, "09:00"))
    await _registers(stage, koordinator)


async def _over(stage: Stage, room: str) -> None:
    stage.chapter("Slutten", "Varsel før, på dagen og etter, til noen sier hva som kommer etterpå.")
    koordinator = stage.person("koordinator")
    await stage.until(datetime(TO.year, TO.month, TO.day, 9, 0, tzinfo=ZONE))
    await koordinator.sees("det er i dag", in_="tot-bot")
    await stage.later(days=2)
    await koordinator.sees("Ingen har sagt hva som kommer etterpå", in_="tot-bot")
    await koordinator.presses("Dette kommer etterpå", in_="tot-bot")
    await koordinator.sees_modal("Etter plasseringen")
    await koordinator.fills({"Hva kommer etterpå?": "Nytt tiltak er på plass"})
    await stage.sends(koordinator)
    await stage.settle()


async def _closed(stage: Stage, room: str) -> None:
    stage.chapter("Saken avsluttes", "Etter et halvt år går alle ut av rommet.")
    koordinator = stage.person("koordinator")
    await stage.later(days=7)
    await koordinator.types("/tot lukk", in_=room)
    await koordinator.sees_modal()
    await stage.sends(koordinator)
    await stage.settle()


async def _reads(person: Person, words: str) -> None:
    """Look at what stands in the open form."""
    seen = await person.sees_modal()
    if words not in seen.text:
        raise CouldNot(f"@{person.handle} does not read «{words}» in «{seen.title}»")


async def _chooses(stage: Stage, koordinator: Person, room: str, what: str) -> None:
    await koordinator.types("/tot frist", in_=room)
    await koordinator.sees_modal("Frist")
    await koordinator.fills({"Hva gjelder det?": what})
    await stage.sends(koordinator)


async def _registers(stage: Stage, koordinator: Person) -> None:
    await koordinator.presses("Registrer hvem som kom", in_="tot-bot")
    await koordinator.sees_modal("Oppmøte")
    await koordinator.fills({"UDI": "Møtte"})
    await stage.sends(koordinator)
    await stage.settle()
