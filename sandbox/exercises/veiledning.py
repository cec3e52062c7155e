"""Veiledning: en som er i tvil, spør koordinatorene, anonymt, og får svar i tide."""

from __future__ import annotations

from datetime import datetime

from sandbox.exercises.runner import ZONE, Stage
from sandbox.exercises.steps import must_not_see

TITLE = "Veiledning"
SENTENCE = "Noen stiller et anonymt spørsmål, får svar og en samtale, og etter en måned er bare temaet igjen."
STARTS = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)

QUESTION = "Når kan jeg si noe til andre tjenester uten samtykke?"
ANSWER = "Spør uten å si hvem det gjelder. Vi kan ta det i en samtale."
#: Those who have nothing to do with it.
OTHERS = ("barnevern", "politi-exit", "sosialtjenesten", "utenforstaende")


async def play(stage: Stage) -> None:
    """Act it out."""
    await _looked_up(stage)
    await _asked(stage)
    await _reminded(stage)
    await _answered(stage)
    await _talked(stage)
    await _closed(stage)


async def _looked_up(stage: Stage) -> None:
    stage.chapter("Først: hvem kan hva?", "Alle kan spørre, og få en side til å skrive ut.")
    helse = stage.person("helse")
    await helse.types("/tot hvem bolig")
    await helse.types("/tot hvem utskrift")
    await stage.settle()


async def _asked(stage: Stage) -> None:
    stage.chapter("Helsetjenesten er i tvil", "Et telefonnummer blir stoppet før det blir sendt.")
    helse = stage.person("helse")
    await helse.types("/tot veiledning")
    await helse.sees_modal("Be om veiledning")
    await helse.fills(
        {"Tema": "Taushetsplikt og deling", "Hva vil du drøfte?": f"{QUESTION} Ring 41 23 45 67."}
    )
    await stage.is_refused(helse)
    await helse.fills({"Hva vil du drøfte?": QUESTION})
    await stage.sends(helse)
    await stage.settle()
    for handle in ("koordinator", "vara-koordinator"):
        await stage.person(handle).sees(QUESTION, in_="tot-bot")
    await helse.sees("Du får svar innen", in_="tot-bot")
    must_not_see(stage, OTHERS, QUESTION)


async def _reminded(stage: Stage) -> None:
    stage.chapter(
        "Halve tiden er gått", "Teamet har lovet svar innen to virkedager. Koordinatorene minnes på det."
    )
    await stage.until(stage.day(1, "09:30"))
    await stage.person("koordinator").sees("Halve tiden er gått", in_="tot-bot")


async def _answered(stage: Stage) -> None:
    stage.chapter("Koordinatoren svarer", "Svaret går bare til den som spurte.")
    koordinator = stage.person("koordinator")
    await koordinator.presses("Svar", in_="tot-bot")
    await koordinator.sees_modal("Svar")
    await koordinator.fills({"Svaret": ANSWER})
    await stage.sends(koordinator)
    await stage.settle()
    await stage.person("helse").sees(ANSWER, in_="tot-bot")
    must_not_see(stage, OTHERS, ANSWER)


async def _talked(stage: Stage) -> None:
    stage.chapter("De tar en samtale", "Begge får tiden i kalenderen.")
    koordinator = stage.person("koordinator")
    await koordinator.presses("Inviter til samtale", in_="tot-bot")
    await koordinator.sees_modal("Inviter til samtale")
    await stage.sends(koordinator)
    await stage.settle()
    await stage.person("helse").sees("inviterer deg til en samtale", in_="tot-bot")
    await stage.until(stage.day(1, "12:00"))


async def _closed(stage: Stage) -> None:
    stage.chapter("Veiledningen lukkes", "Spørsmålet går ut av meldingene, og etter 30 dager er alt slettet.")
    koordinator = stage.person("koordinator")
    await koordinator.presses("Lukk", in_="tot-bot")
    await koordinator.sees_modal("Lukk veiledningen")
    await stage.sends(koordinator)
    await stage.settle()
    must_not_see(stage, ("koordinator", "vara-koordinator", *OTHERS), QUESTION)
    await stage.until(stage.day(31))
    must_not_see(stage, ("helse", "koordinator", "vara-koordinator", *OTHERS), ANSWER)
