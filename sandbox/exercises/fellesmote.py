"""Fellesmøte: alle samarbeidspartnerne inviteres til noe som folk har spurt om, uten en eneste sak."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner
from sandbox.people.visibility import CouldNot

TITLE = "Fellesmøte"
SENTENCE = (
    "Et tema fra veiledning blir et fellesmøte: det flyttes, partnerne melder seg på igjen, og noen kommer."
)
STARTS = TUESDAY

TOPIC = "Hva kan vi dele, og når?"
AGENDA = "Erfaringer fra høsten, og så øver vi."
#: People who are not partners, or whom only the coordinator reaches.
OTHERS = ("utenforstaende", "botilbud", "udi")


async def play(runner: ExerciseRunner) -> None:
    for part in (_convened, _wondered, _called, _signed_up, _moved, _reminded, _met):
        await part(runner)


async def _convened(runner: ExerciseRunner) -> None:
    runner.chapter(
        "Barnevernet ber om at TOT kalles sammen",
        "Koordinatoren får vite om behovet, og sier nei med en grunn.",
    )
    await steps.asks(runner, "barnevern")
    await steps.declines(runner)
    await runner.person("barnevern").sees("TOT kalles ikke sammen nå", in_="tot-bot")


async def _wondered(runner: ExerciseRunner) -> None:
    runner.chapter("Flere lurer på det samme", "Veiledningen lukkes med et tema, og temaet huskes.")
    for handle in ("barnevern", "helse"):
        person = runner.person(handle)
        await person.types("/tot veiledning")
        await person.fills({"Tema": "Taushetsplikt og deling", "Hva vil du drøfte?": "Hva kan vi dele?"})
        await runner.sends(person)
        await runner.until_idle()
        await steps.answers_form(runner, "koordinator", "Avslutt veiledningen", title="Avslutt veiledningen")
        await person.sees("Koordinatorene har avsluttet spørsmålet ditt uten å svare her", in_="tot-bot")


async def _called(runner: ExerciseRunner) -> None:
    runner.chapter(
        "Koordinatoren kaller inn",
        "Skjemaet viser hva folk har spurt om. Før noe sendes, vises det hvem som får vite det.",
    )
    await runner.koordinator.types("/tot fellesmøte fredag kl 12")
    await runner.koordinator.sees_modal("Fellesmøte")
    await runner.koordinator.fills(
        {
            "Emne": f"{TOPIC} Ring 41 23 45 67.",
            "Sted": "Det store møterommet",
            "Dagsorden eller merknad": AGENDA,
        }
    )
    await runner.is_refused(runner.koordinator)
    await runner.koordinator.fills({"Emne": TOPIC})
    await runner.sends(runner.koordinator)
    await runner.koordinator.sees_modal("Se over og send")
    steps.unknown_to(runner, TOPIC, "barnevern", "helse", *OTHERS)
    await steps.form(runner, "koordinator")
    steps.unknown_to(runner, TOPIC, *OTHERS)


async def _signed_up(runner: ExerciseRunner) -> None:
    runner.chapter("Partnerne melder seg på", "Ingen må, og ingen purres. De som ikke er på Slack, ringes.")
    await runner.person("helse").opens_home()
    await steps.presses(runner, "Kommer", "barnevern", "helse", "politi-exit")
    await steps.presses(runner, "Kommer ikke", "sosialtjenesten")
    await runner.koordinator.sees("Kommer (3)", in_="tot-bot")
    await runner.koordinator.sees("UDI", in_="tot-bot")


async def _moved(runner: ExerciseRunner) -> None:
    runner.chapter(
        "Møtet flyttes",
        "Koordinatoren ser hva som skurrer. Alle spørres på nytt, i kalenderen er det det samme.",
    )
    await runner.koordinator.presses("Endre fellesmøtet", in_="tot-bot")
    await runner.koordinator.sees_modal("Endre fellesmøtet")
    await runner.koordinator.fills({"Når": runner.day(4, "12:00")})
    await runner.sends(runner.koordinator)
    if "i en helg" not in (await runner.koordinator.sees_modal("Se over og send")).text:
        raise CouldNot("that it is a weekend is not pointed out")
    await runner.koordinator.closes()
    await runner.koordinator.fills({"Når": runner.day(6, "13:00")})
    await steps.reviews(runner)
    steps.unknown_to(runner, TOPIC, *OTHERS)
    for handle in ("barnevern", "helse", "politi-exit"):
        await runner.person(handle).sees("flyttet, så vi spør på nytt", in_="tot-bot")
        await steps.presses(runner, "Kommer", handle)
    await steps.presses(runner, "Kommer ikke", "sosialtjenesten")
    await runner.koordinator.sees("Kommer (3)", in_="tot-bot")


async def _reminded(runner: ExerciseRunner) -> None:
    runner.chapter("Dagen før", "De som ikke har sagt nei, får en påminnelse.")
    before = runner.day(5, "14:00")
    await runner.until(before)
    await runner.person("helse").sees("Fellesmøtet nærmer seg", in_="tot-bot")
    if any("nærmer seg" in m.text for m in runner.person("sosialtjenesten").messages("tot-bot")):
        raise CouldNot("who stays away is reminded all the same")


async def _met(runner: ExerciseRunner) -> None:
    runner.chapter("Møtet er holdt", "Hvem som kom, huskes ikke. Bare antallet blir stående.")
    await runner.until(runner.day(1, "14:00"))
    await steps.answers_form(runner, "koordinator", "Hvem kom?", title="Hvem kom?")
    await runner.koordinator.sees("3 kom.", in_="tot-bot")
    await runner.until(runner.day(31))
    steps.unknown_to(runner, TOPIC, "koordinator", "barnevern", "helse", *OTHERS)
