"""Veiledning: en som er i tvil, spør koordinatorene, anonymt, og får svar i tide."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Veiledning"
SENTENCE = "Noen stiller et anonymt spørsmål, får svar og en samtale, og etter en måned er bare temaet igjen."
STARTS = TUESDAY

QUESTION = "Når kan jeg si noe til andre tjenester uten samtykke?"
ANSWER = "Spør uten å si hvem det gjelder. Vi kan ta det i en samtale."


async def play(runner: ExerciseRunner) -> None:
    runner.chapter("Først: hvem kan hva?", "Alle kan spørre, og få en side til å skrive ut.")
    helse = runner.person("helse")
    await helse.types("/tot hvem bolig")
    await helse.types("/tot hvem utskrift")
    await runner.until_idle()

    runner.chapter("Helsetjenesten er i tvil", "Et telefonnummer blir stoppet før det blir sendt.")
    await helse.types("/tot veiledning")
    await helse.sees_modal("Be om veiledning")
    await helse.fills(
        {"Tema": "Taushetsplikt og deling", "Hva vil du drøfte?": f"{QUESTION} Ring 41 23 45 67."}
    )
    await runner.is_refused(helse)
    await helse.fills({"Hva vil du drøfte?": QUESTION})
    await runner.sends(helse)
    await runner.until_idle()

    runner.chapter(
        "En virkedag igjen", "Teamet har lovet svar innen to virkedager. Koordinatorene minnes på det."
    )
    await runner.until(runner.day(1, "09:30"))

    runner.chapter("Koordinatoren svarer", "Svaret går bare til den som spurte.")
    await steps.answers_form(runner, "koordinator", "Svar", {"Svaret": ANSWER}, title="Svar")

    runner.chapter("De tar en samtale", "Begge får tiden i kalenderen.")
    await steps.answers_form(runner, "koordinator", "Inviter til samtale", title="Inviter til samtale")
    await runner.until(runner.day(1, "12:00"))

    runner.chapter(
        "Veiledningen lukkes", "Spørsmålet blir borte fra meldingene, og etter 30 dager er alt slettet."
    )
    await steps.answers_form(runner, "koordinator", "Avslutt veiledningen", title="Avslutt veiledningen")
    await runner.until(runner.day(31))
