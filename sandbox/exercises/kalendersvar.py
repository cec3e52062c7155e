"""Svar i kalenderen: invitasjoner på e-post, og svar fra Outlook, Google og Apple."""

from __future__ import annotations

from datetime import datetime

from sandbox.exercises.runner import ZONE, Stage
from sandbox.people.visibility import CouldNot

TITLE = "Svar i kalenderen"
SENTENCE = "Fem etater får invitasjonen på e-post og svarer der, en av dem har bare e-post."
STARTS = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)

AGENCIES = ["Politiet", "Barneverntjenesten", "Sosialtjenesten", "Helsetjenesten", "UDI"]
CONFIRM = "Jeg bekrefter taushetsplikten"


async def play(stage: Stage) -> None:
    """Act it out."""
    if stage.post is None:
        raise CouldNot("there are no mail servers here: play it with --mail")
    await _opened(stage)
    room = next(name for name in stage.person("koordinator").channels() if name.startswith("rom-"))
    await _answered(stage)
    await _deputised(stage)
    await _off_slack(stage)
    await _doubted(stage)
    await _moved(stage, room)
    await _ended(stage, room)


async def _opened(stage: Stage) -> None:
    stage.chapter("Koordinatoren kaller inn", "Invitasjonen går først når taushetsplikten er bekreftet.")
    koordinator = stage.person("koordinator")
    await koordinator.types("/tot sak i overmorgen kl 10")
    await koordinator.sees_modal("Opprett sak")
    await koordinator.fills({"Etater som spørres nå": AGENCIES, "Sted": "Møterom Nord"})
    await stage.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await stage.sends(koordinator)
    await stage.settle()
    for handle in ("politi-exit", "barnevern", "sosialtjenesten", "helse"):
        await stage.person(handle).presses(CONFIRM, in_="tot-bot")
        await stage.settle()


async def _answered(stage: Stage) -> None:
    stage.chapter("De svarer i kalenderen", "Ja og nei teller som i Slack. «Kanskje» er ikke et svar.")
    stage.answers("barnevern", "ACCEPTED", "google")
    stage.answers("helse", "ACCEPTED", "apple")
    stage.answers("sosialtjenesten", "TENTATIVE", "outlook")
    await stage.settle()
    await stage.person("barnevern").sees("Du har bekreftet oppmøte", in_="tot-bot")
    await stage.person("sosialtjenesten").sees("Det regnes ikke som et svar", in_="tot-bot")
    await stage.person("sosialtjenesten").presses("Bekreft", in_="tot-bot")
    await stage.settle()


async def _deputised(stage: Stage) -> None:
    stage.chapter("Politiet sier nei i kalenderen", "Boten spør i Slack om grunnen og om hvem som kommer.")
    exit_ = stage.person("politi-exit")
    stage.answers("politi-exit", "DECLINED", "outlook", comment="Jeg må i retten, ring meg.")
    await stage.settle()
    await exit_.presses("Oppgi grunn og vara", in_="tot-bot")
    await exit_.sees_modal("Meld forfall")
    await exit_.fills({"Grunn til forfallet": "møte i retten", "Vara": "vakt"})
    await stage.sends(exit_)
    await stage.settle()
    await stage.person("koordinator").presses("Godkjenn", in_="tot-bot")
    await stage.settle()
    deputy = stage.person("politi-vakt")
    await deputy.presses(CONFIRM, in_="tot-bot")
    await stage.settle()
    stage.answers("politi-vakt", "ACCEPTED", "apple")
    await stage.settle()


async def _off_slack(stage: Stage) -> None:
    stage.chapter("UDI har bare e-post", "Taushetsplikten tas på telefon. Så er invitasjonen innkallingen.")
    koordinator = stage.person("koordinator")
    await koordinator.presses("Taushetsplikt er bekreftet", in_="tot-bot")
    await koordinator.sees_modal()
    await koordinator.fills({"Hvordan": "på telefon"})
    await stage.sends(koordinator)
    await stage.settle()
    await koordinator.sees("Fikk beskjed", in_="tot-bot")
    stage.answers("udi", "DECLINED", "outlook")
    await stage.settle()
    await koordinator.sees("UDI har meldt forfall uten vara", in_="tot-bot")


async def _doubted(stage: Stage) -> None:
    stage.chapter("Et svar som ikke kan brukes", "Noen har videresendt invitasjonen.")
    if stage.post is not None:
        stage.post.answer_as("kontakt@helse.example", "kollega@helse.example", "DECLINED")
    await stage.settle()
    await stage.person("koordinator").sees("Et svar på e-post er ikke brukt", in_="tot-bot")


async def _moved(stage: Stage, room: str) -> None:
    stage.chapter("Møtet flyttes", "Kalenderne får den nye tiden, og alle svarer på nytt.")
    koordinator = stage.person("koordinator")
    await koordinator.types("/tot flytt fredag kl 12", in_=room)
    await koordinator.sees_modal("Flytt møte")
    await stage.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await stage.sends(koordinator)
    await stage.settle()
    await stage.person("politi-vakt").sees("Du trenger ikke å møte som vara", in_="tot-bot")
    await koordinator.sees_no("Et svar på e-post er ikke brukt", in_="tot-bot")
    stage.answers("politi-exit", "ACCEPTED", "outlook")
    stage.answers("barnevern", "ACCEPTED", "google")
    stage.answers("udi", "ACCEPTED", "outlook")
    await stage.settle()


async def _ended(stage: Stage, room: str) -> None:
    stage.chapter("Helsetjenestens del er over, og møtet avlyses", "Møtet forsvinner fra kalenderne.")
    koordinator = stage.person("koordinator")
    await koordinator.types("/tot ut", in_=room)
    await koordinator.sees_modal()
    await koordinator.fills({"Etat": "Helsetjenesten"})
    await stage.sends(koordinator)
    await stage.settle()
    await koordinator.types("/tot avlys", in_=room)
    await koordinator.sees_modal()
    await stage.sends(koordinator)
    await stage.settle()
    left = [h for h in ("politi-exit", "barnevern", "sosialtjenesten", "helse", "udi") if stage.calendar(h)]
    if left:
        raise CouldNot(f"the meeting is still in the calendar of {', '.join(left)}")
