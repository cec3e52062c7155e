"""Kontaktprøve: når en melding fram til alle kontaktpersonene? Prøven tester listen, ikke den enkelte."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Kontaktprøve"
SENTENCE = "Alle får «Dette er en prøve»: en akutt sak går foran, og dagen etter vises det hvem som er nådd."
STARTS = TUESDAY

AGAIN = "Dette er fortsatt bare en prøve."
AGENCIES = ("Politiet", "Barneverntjenesten")


async def play(runner: ExerciseRunner) -> None:
    runner.chapter(
        "Koordinatoren sender en prøve", "Før noe sendes, vises det hvem som får den, og hvem som må ringes."
    )
    await runner.koordinator.types("/tot prøve")
    await steps.form(runner, "koordinator", title="Kontaktprøve")
    await runner.koordinator.closes(whole_stack=True)

    runner.chapter(
        "Kontaktpersonene trykker", "Ett trykk. Ingen andre ser når. Lederen bekrefter vakttelefonen."
    )
    await steps.presses(runner, "Mottatt", "politi-exit", "politi-leder", "helse")
    await steps.presses(runner, "Nummeret stemmer", "politi-leder")
    if runner.mail is not None:
        runner.writes_back("udi", "Mottatt")
        await runner.until_idle()

    runner.chapter(
        "En akutt sak går foran",
        "Så lenge den er akutt, får ingen prøven. Så går den videre av seg selv.",
    )
    await runner.until(runner.day(0, "14:00"))
    room = await steps.opens(runner, AGENCIES, "i morgen kl 12")
    await runner.until(runner.day(0, "18:00"))
    await steps.fills_in(runner, "/tot fase", room, title="Skift fase")
    await runner.until(runner.day(0, "20:00"))
    await steps.presses(runner, "Mottatt", "barnevernvakt")

    runner.chapter("Neste morgen", "Koordinatoren ser hvem som er nådd. Lederen ser det samme om sine egne.")
    await runner.until(runner.day(1, "08:30"))

    runner.chapter("Én påminnelse", "Bare til den som ikke har trykket, og bare én gang.")
    await runner.until(runner.day(0, "14:00"))
    await steps.presses(runner, "Mottatt", "sosialtjenesten", near=AGAIN)
    await runner.until(runner.day(1, "08:30"))

    runner.chapter("Når det gjelder", "«Se over og send» sier når den som spørres, sist ble nådd.")
    await runner.koordinator.types("/tot sak i overmorgen kl 10")
    await runner.koordinator.sees_modal("Opprett sak")
    await runner.koordinator.fills({"Tjenester som spørres nå": list(AGENCIES), "Sted": "Møterom Nord"})
    await runner.sends(runner.koordinator)
    await runner.koordinator.sees_modal(steps.REVIEW)
    await runner.koordinator.closes(whole_stack=True)

    runner.chapter("To uker etter", "Meldingene er borte. Bare måneden hver ble nådd i, står igjen.")
    await runner.until(runner.day(14))
