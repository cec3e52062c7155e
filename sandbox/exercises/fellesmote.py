"""Fellesmøte: alle samarbeidspartnerne inviteres til noe som folk har spurt om, uten en eneste sak."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Fellesmøte"
SENTENCE = (
    "Et tema fra veiledning blir et fellesmøte: det flyttes, partnerne melder seg på igjen, og noen kommer."
)
STARTS = TUESDAY

TOPIC = "Hva kan vi dele, og når?"
AGENDA = "Erfaringer fra høsten, og så øver vi."


async def play(runner: ExerciseRunner) -> None:
    runner.chapter(
        "Barnevernet ber om at TOT kalles sammen",
        "Koordinatoren får vite om behovet, og sier nei med en grunn.",
    )
    await steps.asks(runner, "barnevern")
    await steps.declines(runner)

    runner.chapter("Flere lurer på det samme", "Veiledningen lukkes med et tema, og temaet huskes.")
    for handle in ("barnevern", "helse"):
        await steps.wonders(runner, handle, "Hva kan vi dele?")
        await steps.answers_form(runner, "koordinator", "Avslutt veiledningen", title="Avslutt veiledningen")

    runner.chapter("Koordinatoren kaller inn", "Før noe sendes, vises det hvem som får vite det.")
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
    await steps.reviews(runner)

    runner.chapter("Partnerne melder seg på", "Ingen må, og ingen purres. De som ikke er på Slack, ringes.")
    await runner.person("helse").opens_home()
    await _sign_up(runner)

    runner.chapter(
        "Møtet flyttes",
        "Koordinatoren ser hva som skurrer. Alle spørres på nytt, i kalenderen er det det samme.",
    )
    await runner.koordinator.presses("Endre fellesmøtet", in_="tot-bot")
    await runner.koordinator.sees_modal("Endre fellesmøtet")
    await runner.koordinator.fills({"Når": runner.day(4, "12:00")})
    await runner.sends(runner.koordinator)
    await runner.koordinator.sees_modal(steps.REVIEW)
    await runner.koordinator.closes()
    await runner.koordinator.fills({"Når": runner.day(6, "13:00")})
    await steps.reviews(runner)
    await _sign_up(runner)

    runner.chapter("Dagen før", "De som ikke har sagt nei, får en påminnelse.")
    await runner.until(runner.day(5, "14:00"))

    runner.chapter("Møtet er holdt", "Hvem som kom, huskes ikke. Bare antallet blir stående.")
    await runner.until(runner.day(1, "14:00"))
    await steps.answers_form(runner, "koordinator", "Hvem kom?", title="Hvem kom?")
    await runner.until(runner.day(31))


async def _sign_up(runner: ExerciseRunner) -> None:
    await steps.presses(runner, "Kommer", "barnevern", "helse", "politi-exit")
    await steps.presses(runner, "Kommer ikke", "sosialtjenesten")
