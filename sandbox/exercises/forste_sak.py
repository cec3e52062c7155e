"""Den første saken: fra opprettelse til avslutning, med seks etater."""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.exercises.runner import ZONE, Stage

TITLE = "Den første saken"
SENTENCE = "Seks etater kalles inn, én melder forfall, én svarer ikke, og saken avsluttes."
STARTS = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)

AGENCIES = [
    "Politiet",
    "Barneverntjenesten",
    "Sosialtjenesten",
    "Bistandsadvokaten",
    "Helsetjenesten",
    "UDI",
]
CONFIRM = "Jeg bekrefter taushetsplikten"


async def play(stage: Stage) -> None:
    """Act it out."""
    await _opened(stage)
    room = next(name for name in stage.person("koordinator").channels() if name.startswith("rom-"))
    await _acknowledged(stage, room)
    await _answered(stage)
    await _off_slack(stage)
    await _waited(stage)
    await _moved(stage, room)
    await _widened(stage, room)
    await _met(stage, room)
    await _closed(stage, room)
    await _deleted(stage)


async def _opened(stage: Stage) -> None:
    stage.chapter("Koordinatoren oppretter saken", "Ett skjema, og så «Se over og send».")
    koordinator = stage.person("koordinator")
    await stage.person("utenforstaende").types("/tot sak")
    await koordinator.types("/tot sak i overmorgen kl 10")
    await koordinator.sees_modal("Opprett sak")
    await koordinator.fills(
        {
            "Hvem ba om TOT?": "Politiet",
            "Hvor mange personer": "2",
            "Etater som spørres nå": AGENCIES,
            "Etater som ventes senere": ["Barnevernvakten"],
            "Sted": "Møterom Nord",
            "Dagsorden eller merknad": "Hvem gjør hva den første uka. Ring 41 23 45 67.",
        }
    )
    await stage.is_refused(koordinator)
    await koordinator.fills({"Dagsorden eller merknad": "Hvem gjør hva den første uka."})
    await stage.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await stage.sends(koordinator)
    await stage.settle()


async def _acknowledged(stage: Stage, room: str) -> None:
    stage.chapter(
        "Hver av dem bekrefter taushetsplikten",
        "Først da åpnes rommet, og først da kommer innkallingen.",
    )
    for handle in ("vara-koordinator", "barnevern", "bistandsadvokat", "helse", "politi-exit"):
        person = stage.person(handle)
        await person.sees("taushetsplikt", in_="tot-bot")
        await person.presses(CONFIRM, in_="tot-bot")
        await stage.settle()
        await person.sees("Sak", in_=room)


async def _answered(stage: Stage) -> None:
    stage.chapter("De svarer på innkallingen", "Politiet melder forfall og sender vara.")
    for handle in ("barnevern", "bistandsadvokat", "helse"):
        await stage.person(handle).presses("Bekreft", in_="tot-bot")
        await stage.settle()
    exit_ = stage.person("politi-exit")
    await exit_.presses("Meld forfall", in_="tot-bot")
    await exit_.sees_modal("Meld forfall")
    await exit_.fills({"Grunn til forfallet": "møte i retten", "Vara": "vakt"})
    await stage.sends(exit_)
    await stage.settle()
    await stage.person("koordinator").presses("Godkjenn", in_="tot-bot")
    await stage.settle()
    deputy = stage.person("politi-vakt")
    await deputy.presses(CONFIRM, in_="tot-bot")
    await stage.settle()
    await deputy.presses("Bekreft", in_="tot-bot")
    await stage.settle()


async def _off_slack(stage: Stage) -> None:
    stage.chapter("UDI er ikke på Slack", "Koordinatoren ringer, og fører inn hva de svarte.")
    koordinator = stage.person("koordinator")
    await koordinator.presses("Taushetsplikt er bekreftet", in_="tot-bot")
    await koordinator.sees_modal()
    await koordinator.fills({"Hvordan": "på telefon"})
    await stage.sends(koordinator)
    await stage.settle()
    await _udi_answers(stage)


async def _udi_answers(stage: Stage) -> None:
    koordinator = stage.person("koordinator")
    await koordinator.presses("Registrer svar", in_="tot-bot")
    await koordinator.sees_modal()
    await koordinator.fills({"Hva svarte de?": "Kommer"})
    await stage.sends(koordinator)
    await stage.settle()


async def _waited(stage: Stage) -> None:
    stage.chapter(
        "Sosialtjenesten svarer ikke",
        "Først en påminnelse. De har ingen flere å spørre, så koordinatoren får vite det.",
    )
    await stage.later(hours=2)
    await stage.person("koordinator").sees("Sosialtjenesten", in_="tot-bot")


async def _moved(stage: Stage, room: str) -> None:
    stage.chapter("Møtet flyttes", "Alle må svare på nytt, også den som meldte forfall.")
    koordinator = stage.person("koordinator")
    await koordinator.types("/tot flytt fredag kl 12", in_=room)
    await koordinator.sees_modal("Flytt møte")
    await stage.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await stage.sends(koordinator)
    await stage.settle()
    await stage.person("politi-vakt").sees("Du trenger ikke å møte som vara", in_="tot-bot")
    for handle in ("barnevern", "bistandsadvokat", "politi-exit"):
        await stage.person(handle).sees("Svar på nytt, også om du har svart før", in_="tot-bot")
        await stage.person(handle).presses("Bekreft", in_="tot-bot")
        await stage.settle()
    await _udi_answers(stage)


async def _widened(stage: Stage, room: str) -> None:
    stage.chapter(
        "Barnevernvakten kommer inn, helsetjenestens del er over",
        "Det er kveld, og barnevernvakten er på vakt.",
    )
    koordinator = stage.person("koordinator")
    await stage.until(stage.day(0, "17:30"))
    await koordinator.types("/tot inviter", in_=room)
    await koordinator.sees_modal()
    await koordinator.fills({"Etat": "Barnevernvakten"})
    await stage.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await stage.sends(koordinator)
    await stage.settle()
    night = stage.person("barnevernvakt")
    await night.presses(CONFIRM, in_="tot-bot")
    await stage.settle()
    await night.writes("jeg kommer")
    await stage.settle()
    await night.presses("Bekreft", in_="tot-bot")
    await stage.settle()
    await koordinator.types("/tot ut", in_=room)
    await koordinator.sees_modal()
    await koordinator.fills({"Etat": "Helsetjenesten"})
    await stage.sends(koordinator)
    await stage.settle()


async def _met(stage: Stage, room: str) -> None:
    stage.chapter("Møtet, og morgenen etter", "Påminnelser, og hvem som kom.")
    koordinator = stage.person("koordinator")
    await koordinator.opens_home()
    await stage.settle()
    await stage.until(stage.day(4, "09:00"))
    await koordinator.presses("Registrer hvem som kom", in_="tot-bot")
    await koordinator.sees_modal("Oppmøte")
    await koordinator.fills({"Sosialtjenesten": "Uteble uten å si fra", "UDI": "Møtte"})
    await stage.sends(koordinator)
    await stage.settle()
    await koordinator.types("/tot fase", in_=room)
    await koordinator.sees_modal()
    await koordinator.fills({"Fase": "Arbeidsfase"})
    await stage.sends(koordinator)
    await stage.settle()


async def _closed(stage: Stage, room: str) -> None:
    stage.chapter("Saken avsluttes", "Alle andre enn koordinatorene går ut av rommet.")
    koordinator = stage.person("koordinator")
    await stage.later(days=10)
    await koordinator.types("/tot lukk", in_=room)
    await koordinator.sees_modal()
    await stage.sends(koordinator)
    await stage.settle()


async def _deleted(stage: Stage) -> None:
    stage.chapter("Slettedatoen", "Meldingene til tot-bot slettes, og rommet arkiveres.")
    await stage.until(stage.now() + timedelta(days=31))
