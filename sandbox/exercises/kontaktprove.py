"""Kontaktprøve: når en melding fram til alle kontaktpersonene? Prøven tester listen, ikke den enkelte."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner
from sandbox.people.visibility import CouldNot

TITLE = "Kontaktprøve"
SENTENCE = "Alle får «Dette er en prøve»: en akutt sak går foran, og dagen etter vises det hvem som er nådd."
STARTS = TUESDAY

DRILL = "Dette er en prøve."
AGAIN = "Dette er fortsatt bare en prøve."
#: People asked at once, in office hours; the emergency service is on call from four o'clock.
AT_ONCE = ("politi-exit", "politi-vakt", "politi-leder", "barnevern", "barnevern-leder", "helse")
#: People who are no contacts, or contacts of an institution.
OTHERS = ("utenforstaende", "botilbud")
AGENCIES = ("Politiet", "Barneverntjenesten")


async def play(runner: ExerciseRunner) -> None:
    for part in (_begun, _pressed, _held_up, _seen, _reminded, _of_use, _forgotten):
        await part(runner)


async def _begun(runner: ExerciseRunner) -> None:
    runner.chapter(
        "Koordinatoren sender en prøve", "Før noe sendes, vises det hvem som får den, og hvem som må ringes."
    )
    await runner.koordinator.types("/tot prøve")
    shown = (await runner.koordinator.sees_modal("Kontaktprøve")).text
    others = "Disse må du ringe selv" if runner.mail is None else "Disse får prøven på e-post"
    if others not in shown:
        raise CouldNot("who is not on Slack is not shown")
    steps.unknown_to(runner, DRILL, *AT_ONCE, *OTHERS)
    await steps.form(runner, "koordinator")
    await runner.koordinator.sees("Fra i morgen ser du her hvem som er nådd.", in_="tot-bot")
    await runner.koordinator.closes(whole_stack=True)
    steps.unknown_to(runner, DRILL, "barnevernvakt", *OTHERS)


async def _pressed(runner: ExerciseRunner) -> None:
    runner.chapter(
        "Kontaktpersonene trykker", "Ett trykk. Ingen andre ser når. Lederen bekrefter vakttelefonen."
    )
    for handle in AT_ONCE:
        await runner.person(handle).sees(DRILL, in_="tot-bot")
    await steps.presses(runner, "Mottatt", "politi-exit", "politi-leder", "helse")
    await steps.presses(runner, "Nummeret stemmer", "politi-leder")
    if runner.mail is not None:
        runner.writes_back("udi", "Mottatt")
        await runner.until_idle()
    await runner.person("politi-leder").sees("nummer bekreftet i desember 2026", in_="tot-bot")
    if any("nådd (" in m.text.casefold() for m in runner.koordinator.messages("tot-bot")):
        raise CouldNot("who is reached is shown on the same day")


async def _held_up(runner: ExerciseRunner) -> None:
    runner.chapter(
        "En akutt sak går foran",
        "Så lenge den er akutt, får ingen prøven. Så går den videre av seg selv.",
    )
    await runner.until(runner.day(0, "14:00"))
    room = await steps.opens(runner, AGENCIES, "i morgen kl 12")
    await runner.until(runner.day(0, "18:00"))
    steps.unknown_to(runner, DRILL, "barnevernvakt")
    await steps.fills_in(runner, "/tot fase", room, title="Fase")
    await runner.until(runner.day(0, "20:00"))
    await runner.person("barnevernvakt").sees(DRILL, in_="tot-bot")
    await steps.presses(runner, "Mottatt", "barnevernvakt")


async def _seen(runner: ExerciseRunner) -> None:
    runner.chapter("Neste morgen", "Koordinatoren ser hvem som er nådd. Lederen ser det samme om sine egne.")
    await runner.until(runner.day(1, "08:30"))
    by_mail = runner.mail is not None
    await runner.koordinator.sees(f"Nådd ({5 if by_mail else 4})", in_="tot-bot")
    if (
        any("Ikke på Slack, ikke prøvd (4)" in m.text for m in runner.koordinator.messages("tot-bot"))
        is by_mail
    ):
        raise CouldNot("whom only a telephone reaches is not shown, or whom a mail reaches is")
    leder = runner.person("politi-leder")
    await leder.sees("Vakthavende): ikke nådd", in_="tot-bot")
    await leder.sees("EXIT): nådd", in_="tot-bot")
    if any("Barneverntjenesten" in m.text for m in leder.messages("tot-bot")):
        raise CouldNot("a leader sees another agency")


async def _reminded(runner: ExerciseRunner) -> None:
    runner.chapter("Én påminnelse", "Bare til den som ikke har trykket, og bare én gang.")
    await runner.until(runner.day(0, "14:00"))
    await runner.person("sosialtjenesten").sees(AGAIN, in_="tot-bot")
    steps.unknown_to(runner, AGAIN, "helse", "politi-exit", "barnevernvakt", *OTHERS)
    await steps.presses(runner, "Mottatt", "sosialtjenesten", near=AGAIN)
    steps.unknown_to(runner, AGAIN, "sosialtjenesten")
    await runner.until(runner.day(1, "08:30"))
    reached = 5 if runner.mail is None else 6
    await runner.koordinator.sees(f"Nådd ({reached})", in_="tot-bot")


async def _of_use(runner: ExerciseRunner) -> None:
    runner.chapter("Når det gjelder", "«Se over og send» sier når den som spørres, sist ble nådd.")
    await runner.koordinator.types("/tot sak i overmorgen kl 10")
    await runner.koordinator.sees_modal("Opprett sak")
    await runner.koordinator.fills(
        {"Tjenester som spørres nå": ["Politiet", "Barneverntjenesten"], "Sted": "Møterom Nord"}
    )
    await runner.sends(runner.koordinator)
    shown = (await runner.koordinator.sees_modal("Se over og send")).text
    for said in ("sist nådd: i desember 2026", "aldri nådd i en prøve"):
        if said not in shown:
            raise CouldNot(f"«{said}» is not shown")
    await runner.koordinator.closes(whole_stack=True)


async def _forgotten(runner: ExerciseRunner) -> None:
    runner.chapter("To uker etter", "Meldingene er borte. Bare måneden hver ble nådd i, står igjen.")
    await runner.until(runner.day(14))
    everybody = (*AT_ONCE, "barnevernvakt", "sosialtjenesten", "bistandsadvokat", "koordinator", *OTHERS)
    for said in (DRILL, AGAIN, "Takk, prøven nådde deg", "Kontaktprøve i"):
        steps.unknown_to(runner, said, *everybody)
