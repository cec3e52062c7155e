"""Svar i kalenderen: invitasjoner på e-post, og svar fra Outlook, Google og Apple."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Svar i kalenderen"
SENTENCE = "Fem tjenester får invitasjonen på e-post og svarer der, en av dem har bare e-post."
STARTS = TUESDAY

AGENCIES = ["Politiet", "Barneverntjenesten", "Sosialtjenesten", "Helsetjenesten", "UDI"]


async def play(runner: ExerciseRunner) -> None:
    runner.chapter("Koordinatoren kaller inn", "Invitasjonen går først når taushetsplikten er bekreftet.")
    room = await steps.opens(runner, AGENCIES, "i overmorgen kl 10")
    await steps.confirm(runner, "politi-exit", "barnevern", "sosialtjenesten", "helse")

    runner.chapter("De svarer i kalenderen", "Ja og nei teller som i Slack. «Kanskje» er ikke et svar.")
    await runner.replies("barnevern", "ACCEPTED", "google")
    await runner.replies("helse", "ACCEPTED", "apple")
    await runner.replies("sosialtjenesten", "TENTATIVE", "outlook")
    await runner.until_idle()
    await steps.presses(runner, "Jeg kommer", "sosialtjenesten")

    runner.chapter("Politiet sier nei i kalenderen", "Boten spør i Slack om grunnen og om hvem som kommer.")
    await runner.replies("politi-exit", "DECLINED", "outlook", comment="Jeg må i retten, ring meg.")
    await runner.until_idle()
    await steps.answers_form(
        runner,
        "politi-exit",
        "Oppgi grunn og vara",
        {"Hvorfor kan du ikke?": "møte i retten", "Hvem kommer i stedet?": "Vakthavende"},
        title="Kan ikke",
    )
    await steps.presses(runner, "Godkjenn", "koordinator")
    await steps.confirm(runner, "politi-vakt")
    await runner.replies("politi-vakt", "ACCEPTED", "apple")
    await runner.until_idle()

    runner.chapter("UDI har bare e-post", "Taushetsplikten tas på telefon. Så er invitasjonen innkallingen.")
    await steps.answers_form(runner, "koordinator", "Registrer svar", steps.CONFIRMS)
    await runner.replies("udi", "DECLINED", "outlook")
    await runner.until_idle()

    runner.chapter("Et svar som ikke kan brukes", "Noen har videresendt invitasjonen.")
    if runner.mail is not None:
        runner.mail.answer_as("kontakt@helse.example", "kollega@helse.example", "DECLINED")
    await runner.until_idle()

    runner.chapter("Møtet flyttes", "Kalenderne får den nye tiden, varaens også, og alle svarer på nytt.")
    await steps.convenes(runner, "/tot flytt fredag kl 12", room, title="Flytt møtet")
    await runner.replies("politi-vakt", "ACCEPTED", "apple")
    await runner.replies("barnevern", "ACCEPTED", "google")
    await runner.replies("udi", "ACCEPTED", "outlook")
    await runner.until_idle()

    runner.chapter("Helsetjenesten går ut, og møtet avlyses", "Møtet forsvinner fra kalenderne.")
    await steps.releases(runner, room, "Helsetjenesten")
    await steps.fills_in(runner, "/tot avlys", room)
