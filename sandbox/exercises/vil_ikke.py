"""Vil ikke: personen ønsker ikke hjelp nå, saken blir stående, og ingen maser på tjenestene."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Vil ikke"
SENTENCE = "Hjelp er ikke ønsket nå. Saken venter til neste kontakt, og går så videre i sin egen rytme."
STARTS = TUESDAY

QUESTION = "Hva kan vi gjøre når hjelp ikke er ønsket?"
ANSWER = "Hold kontakten, og si fra hva dere kan bidra med senere."


async def play(runner: ExerciseRunner) -> None:
    runner.chapter("Ett møte, og så nei takk", "Tjenestene er klare, men hjelpen er ikke ønsket.")
    room = await steps.first_meeting(runner)

    runner.chapter("Saken settes på vent", "En grunn fra lista, en dato, og en tjeneste som tar kontakt.")
    wait = {
        "Hvorfor": "Ønsker ikke hjelp nå",
        "Neste kontakt": runner.day(18).date(),
        "Tjenesten som tar kontakt": "Barneverntjenesten",
    }
    await steps.fills_in(runner, "/tot vent", room, wait)

    runner.chapter("Helsetjenesten går ut", "Den som er ferdig i saken, tas ut mens den venter.")
    await steps.releases(runner, room, "Helsetjenesten")

    runner.chapter("Stille", "Ingen purres til dagen for ny kontakt.")
    await runner.until(runner.day(18, "07:59"))

    runner.chapter("Dagen for ny kontakt", "Barnevernet og koordinatoren får beskjed. Politiet får det ikke.")
    await runner.until(runner.day(0, "08:01"))
    await steps.presses(runner, "Ta opp saken igjen", "koordinator")

    runner.chapter(
        "Arbeidsfase, annenhver uke", "Neste møte foreslås, og koordinatoren kaller inn rett fra forslaget."
    )
    fields = {"Fase": "Arbeidsfase", "Møter i arbeidsfasen": "Annenhver uke"}
    await steps.fills_in(runner, "/tot fase", room, fields)
    await runner.koordinator.presses("Kall inn til dette møtet", in_="tot-bot")
    await runner.koordinator.sees_modal()
    await steps.reviews(runner)

    runner.chapter(
        "Politiet er i tvil, og spør i saksrommet",
        "Bare koordinatorene ser spørsmålet, og bare politiet ser svaret. Det slettes sammen med saken.",
    )
    police = runner.person("politi-exit")
    await police.types("/tot veiledning", in_=room)
    await steps.form(runner, "politi-exit", {"Hva vil du drøfte?": QUESTION}, title="Be om veiledning")
    await steps.puts_away(police)
    await steps.answers_form(runner, "koordinator", "Svar", {"Svaret": ANSWER}, title="Svar")
