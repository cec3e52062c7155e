"""Svar i kalenderen: invitasjoner på e-post, og svar fra Outlook, Google og Apple."""

from __future__ import annotations

from datetime import datetime

from sandbox.exercises.runner import ZONE, ExerciseRunner
from sandbox.people.visibility import CouldNot

TITLE = "Svar i kalenderen"
SENTENCE = "Fem etater får invitasjonen på e-post og svarer der, en av dem har bare e-post."
STARTS = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)

AGENCIES = ["Politiet", "Barneverntjenesten", "Sosialtjenesten", "Helsetjenesten", "UDI"]
CONFIRM = "Jeg bekrefter taushetsplikten"


async def play(runner: ExerciseRunner) -> None:
    """Act it out."""
    if runner.post is None:
        raise CouldNot("there are no mail servers here: play it with --mail")
    await _opened(runner)
    room = next(name for name in runner.person("koordinator").channels() if name.startswith("rom-"))
    await _answered(runner)
    await _deputised(runner)
    await _off_slack(runner)
    await _doubted(runner)
    await _moved(runner, room)
    await _ended(runner, room)


async def _opened(runner: ExerciseRunner) -> None:
    runner.chapter("Koordinatoren kaller inn", "Invitasjonen går først når taushetsplikten er bekreftet.")
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot sak i overmorgen kl 10")
    await koordinator.sees_modal("Opprett sak")
    await koordinator.fills({"Etater som spørres nå": AGENCIES, "Sted": "Møterom Nord"})
    await runner.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await runner.sends(koordinator)
    await runner.settle()
    for handle in ("politi-exit", "barnevern", "sosialtjenesten", "helse"):
        await runner.person(handle).presses(CONFIRM, in_="tot-bot")
        await runner.settle()


async def _answered(runner: ExerciseRunner) -> None:
    runner.chapter("De svarer i kalenderen", "Ja og nei teller som i Slack. «Kanskje» er ikke et svar.")
    runner.answers("barnevern", "ACCEPTED", "google")
    runner.answers("helse", "ACCEPTED", "apple")
    runner.answers("sosialtjenesten", "TENTATIVE", "outlook")
    await runner.settle()
    await runner.person("barnevern").sees("Du har bekreftet oppmøte", in_="tot-bot")
    await runner.person("sosialtjenesten").sees("Det regnes ikke som et svar", in_="tot-bot")
    await runner.person("sosialtjenesten").presses("Bekreft", in_="tot-bot")
    await runner.settle()


async def _deputised(runner: ExerciseRunner) -> None:
    runner.chapter("Politiet sier nei i kalenderen", "Boten spør i Slack om grunnen og om hvem som kommer.")
    exit_ = runner.person("politi-exit")
    runner.answers("politi-exit", "DECLINED", "outlook", comment="Jeg må i retten, ring meg.")
    await runner.settle()
    await exit_.presses("Oppgi grunn og vara", in_="tot-bot")
    await exit_.sees_modal("Meld forfall")
    await exit_.fills({"Grunn til forfallet": "møte i retten", "Vara": "vakt"})
    await runner.sends(exit_)
    await runner.settle()
    await runner.person("koordinator").presses("Godkjenn", in_="tot-bot")
    await runner.settle()
    deputy = runner.person("politi-vakt")
    await deputy.presses(CONFIRM, in_="tot-bot")
    await runner.settle()
    runner.answers("politi-vakt", "ACCEPTED", "apple")
    await runner.settle()


async def _off_slack(runner: ExerciseRunner) -> None:
    runner.chapter("UDI har bare e-post", "Taushetsplikten tas på telefon. Så er invitasjonen innkallingen.")
    koordinator = runner.person("koordinator")
    await koordinator.presses("Taushetsplikt er bekreftet", in_="tot-bot")
    await koordinator.sees_modal()
    await koordinator.fills({"Hvordan": "på telefon"})
    await runner.sends(koordinator)
    await runner.settle()
    await koordinator.sees("Fikk beskjed", in_="tot-bot")
    runner.answers("udi", "DECLINED", "outlook")
    await runner.settle()
    await koordinator.sees("UDI har meldt forfall uten vara", in_="tot-bot")


async def _doubted(runner: ExerciseRunner) -> None:
    runner.chapter("Et svar som ikke kan brukes", "Noen har videresendt invitasjonen.")
    if runner.post is not None:
        runner.post.answer_as("kontakt@helse.example", "kollega@helse.example", "DECLINED")
    await runner.settle()
    await runner.person("koordinator").sees("Et svar på e-post er ikke brukt", in_="tot-bot")


async def _moved(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Møtet flyttes", "Kalenderne får den nye tiden, og alle svarer på nytt.")
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot flytt fredag kl 12", in_=room)
    await koordinator.sees_modal("Flytt møte")
    await runner.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await runner.sends(koordinator)
    await runner.settle()
    await runner.person("politi-vakt").sees("Du trenger ikke å møte som vara", in_="tot-bot")
    await koordinator.sees_no("Et svar på e-post er ikke brukt", in_="tot-bot")
    runner.answers("politi-exit", "ACCEPTED", "outlook")
    runner.answers("barnevern", "ACCEPTED", "google")
    runner.answers("udi", "ACCEPTED", "outlook")
    await runner.settle()


async def _ended(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Helsetjenestens del er over, og møtet avlyses", "Møtet forsvinner fra kalenderne.")
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot ut", in_=room)
    await koordinator.sees_modal()
    await koordinator.fills({"Etat": "Helsetjenesten"})
    await runner.sends(koordinator)
    await runner.settle()
    await koordinator.types("/tot avlys", in_=room)
    await koordinator.sees_modal()
    await runner.sends(koordinator)
    await runner.settle()
    left = [h for h in ("politi-exit", "barnevern", "sosialtjenesten", "helse", "udi") if runner.calendar(h)]
    if left:
        raise CouldNot(f"the meeting is still in the calendar of {', '.join(left)}")
