"""Fellesmøte: alle samarbeidspartnerne inviteres til noe som folk har spurt om, uten en eneste sak."""

from __future__ import annotations

from datetime import datetime

from sandbox.exercises.runner import ZONE, Stage
from sandbox.exercises.steps import must_not_see
from sandbox.people.visibility import CouldNot

TITLE = "Fellesmøte"
SENTENCE = (
    "Et tema fra veiledning blir et fellesmøte: det flyttes, partnerne melder seg på igjen, og noen kommer."
)
STARTS = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)

TOPIC = "Hva kan vi dele, og når?"
AGENDA = "Erfaringer fra høsten, og så øver vi."
#: Not partners, or reached by the coordinator alone.
OTHERS = ("utenforstaende", "botilbud", "udi")


async def play(stage: Stage) -> None:
    """Act it out."""
    await _convened(stage)
    await _wondered(stage)
    await _called(stage)
    await _signed_up(stage)
    await _moved(stage)
    await _reminded(stage)
    await _met(stage)


async def _convened(stage: Stage) -> None:
    stage.chapter(
        "Barnevernet ber om at TOT kalles sammen",
        "Koordinatoren får vite om behovet, og sier nei med en grunn.",
    )
    barnevern, koordinator = stage.person("barnevern"), stage.person("koordinator")
    await barnevern.types("/tot kalle")
    await barnevern.sees_modal("Kall TOT sammen")
    await barnevern.fills({"Hvor fort bør TOT møtes?": "Det kan vente et par uker"})
    await stage.sends(barnevern)
    await stage.settle()
    await koordinator.presses("Nei", in_="tot-bot")
    await koordinator.sees_modal("Ikke kall sammen")
    await koordinator.fills({"Hvorfor ikke?": "Dette løses bedre med veiledning"})
    await stage.sends(koordinator)
    await stage.settle()
    await barnevern.sees("TOT kalles ikke sammen nå", in_="tot-bot")


async def _wondered(stage: Stage) -> None:
    stage.chapter("Flere lurer på det samme", "Veiledningen lukkes med et tema, og temaet huskes.")
    koordinator = stage.person("koordinator")
    for handle in ("barnevern", "helse"):
        person = stage.person(handle)
        await person.types("/tot veiledning")
        await person.fills({"Tema": "Taushetsplikt og deling", "Hva vil du drøfte?": "Hva kan vi dele?"})
        await stage.sends(person)
        await stage.settle()
        await koordinator.presses("Lukk", in_="tot-bot")
        await koordinator.sees_modal("Lukk veiledningen")
        await stage.sends(koordinator)
        await stage.settle()
        await person.sees("Koordinatorene har lukket spørsmålet ditt uten å svare her", in_="tot-bot")


async def _called(stage: Stage) -> None:
    stage.chapter(
        "Koordinatoren kaller inn", "Temaet er foreslått. Før noe sendes, vises det hvem som får vite det."
    )
    koordinator = stage.person("koordinator")
    await koordinator.types("/tot fellesmøte fredag kl 12")
    await koordinator.sees_modal("Fellesmøte")
    await koordinator.fills(
        {
            "Tema fra veiledning siden sist": "Taushetsplikt og deling (2)",
            "Emne": f"{TOPIC} Ring 41 23 45 67.",
            "Sted": "Det store møterommet",
            "Dagsorden eller merknad": AGENDA,
        }
    )
    await stage.is_refused(koordinator)
    await koordinator.fills({"Emne": TOPIC})
    await stage.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    must_not_see(stage, ("barnevern", "helse", *OTHERS), TOPIC)
    await stage.sends(koordinator)
    await stage.settle()
    must_not_see(stage, OTHERS, TOPIC)


async def _signed_up(stage: Stage) -> None:
    stage.chapter("Partnerne melder seg på", "Ingen må, og ingen purres. De som ikke er på Slack, ringes.")
    await stage.person("helse").opens_home()
    for handle in ("barnevern", "helse", "politi-exit"):
        await stage.person(handle).presses("Kommer", in_="tot-bot")
        await stage.settle()
    await stage.person("sosialtjenesten").presses("Kommer ikke", in_="tot-bot")
    await stage.settle()
    koordinator = stage.person("koordinator")
    await koordinator.sees("Kommer (3)", in_="tot-bot")
    await koordinator.sees("UDI", in_="tot-bot")


async def _moved(stage: Stage) -> None:
    stage.chapter(
        "Møtet flyttes",
        "Koordinatoren ser hva som skurrer. Alle spørres på nytt, i kalenderen er det det samme.",
    )
    koordinator = stage.person("koordinator")
    await koordinator.presses("Endre fellesmøtet", in_="tot-bot")
    await koordinator.sees_modal("Endre fellesmøtet")
    await koordinator.fills({"Når": stage.day(4, "12:00")})
    await stage.sends(koordinator)
    if "i en helg" not in (await koordinator.sees_modal("Se over og send")).text:
        raise CouldNot("that it is a weekend is not pointed out")
    await koordinator.closes()
    await koordinator.fills({"Når": stage.day(6, "13:00")})
    await stage.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await stage.sends(koordinator)
    await stage.settle()
    must_not_see(stage, OTHERS, TOPIC)
    for handle in ("barnevern", "helse", "politi-exit"):
        await stage.person(handle).sees("flyttet, så vi spør på nytt", in_="tot-bot")
        await stage.person(handle).presses("Kommer", in_="tot-bot")
        await stage.settle()
    await stage.person("sosialtjenesten").presses("Kommer ikke", in_="tot-bot")
    await stage.settle()
    await koordinator.sees("Kommer (3)", in_="tot-bot")


async def _reminded(stage: Stage) -> None:
    stage.chapter("Dagen før", "De som ikke har sagt nei, får en påminnelse.")
    before = stage.day(5, "14:00")
    await stage.until(before)
    await stage.person("helse").sees("Fellesmøtet nærmer seg", in_="tot-bot")
    if any("nærmer seg" in m.text for m in stage.person("sosialtjenesten").messages("tot-bot")):
        raise CouldNot("who stays away is reminded all the same")


async def _met(stage: Stage) -> None:
    stage.chapter("Møtet er holdt", "Hvem som kom, huskes til det slettes. Bare antallet blir stående.")
    koordinator = stage.person("koordinator")
    await stage.until(stage.day(1, "14:00"))
    await koordinator.presses("Hvem kom?", in_="tot-bot")
    await koordinator.sees_modal("Hvem kom?")
    await stage.sends(koordinator)
    await stage.settle()
    await koordinator.sees("3 kom.", in_="tot-bot")
    await stage.until(stage.day(31))
    must_not_see(stage, ("koordinator", "barnevern", "helse", *OTHERS), TOPIC)
