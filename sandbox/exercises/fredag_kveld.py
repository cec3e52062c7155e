"""Fredag kveld: akutt, for få på møtet, og en tjeneste som aldri svarer. Så teller rapporten det samme."""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.exercises import steps
from sandbox.exercises.runner import ZONE, ExerciseRunner

TITLE = "Fredag kveld"
SENTENCE = (
    "Akutt, og møte samme kveld: noen svarer på minuttet, én sender vara, én svarer aldri. "
    "Mandag tar barnevernet over."
)
STARTS = datetime(2026, 12, 4, 18, 0, tzinfo=ZONE)

AGENCIES = ["Politiet", "Barnevernvakten", "Bistandsadvokaten", "Sosialtjenesten"]
HERE = "Jeg er til stede"


async def play(runner: ExerciseRunner) -> None:
    room = await _opened(runner)
    for part in (_barnevernvakt, _lawyer, _police, _silence):
        await part(runner)
    await _below_quorum(runner, room)
    await _registered(runner, room)
    await _handed_over(runner, room)
    await _reported(runner)
    await _achieved(runner, room)


def minute(runner: ExerciseRunner, clock: str) -> datetime:
    """Return the middle of that minute today: what is due in it has come, and there is time left to act."""
    return runner.day(0, clock) + timedelta(seconds=30)


# --- Friday evening ---


async def _opened(runner: ExerciseRunner) -> str:
    runner.chapter(
        "Klokken er 18 en fredag",
        "Det haster, og kontorene er tomme. Koordinatoren kaller inn til klokken 21 samme kveld. "
        "Barneverntjenesten føres opp til mandag, og får ikke vite noe ennå.",
    )
    return await steps.opens(
        runner,
        AGENCIES,
        "i kveld kl 21",
        **{
            "Lenke til videomøte": "https://meet.example.no/tot-bergen",
            "Hvem ba om TOT?": "Politiet",
            "Tjenester som kanskje spørres senere": ["Barneverntjenesten"],
        },
    )


async def _barnevernvakt(runner: ExerciseRunner) -> None:
    runner.chapter("Barnevernvakten svarer", "Fire minutter, og de kommer.")
    await runner.until(minute(runner, "18:04"))
    await steps.confirm(runner, "barnevernvakt")
    await steps.presses(runner, "Jeg kommer", "barnevernvakt")


async def _lawyer(runner: ExerciseRunner) -> None:
    runner.chapter(
        "Bistandsadvokaten sender vara",
        "Advokaten er opptatt i kveld. Vaktadvokaten kan bestemme, og koordinatoren godkjenner. "
        "Vaktadvokaten er ikke på Slack, så koordinatoren ringer.",
    )
    await runner.until(minute(runner, "18:20"))
    await steps.confirm(runner, "bistandsadvokat")
    await steps.answers_form(
        runner,
        "bistandsadvokat",
        "Kan ikke",
        {
            "Hvorfor kan du ikke?": "Et annet oppdrag som ikke kan flyttes",
            "Hvem kommer i stedet?": "Vaktadvokat",
        },
    )
    await steps.presses(runner, "Godkjenn", "koordinator")
    said = {**steps.CONFIRMS, **steps.COMES}
    await steps.answers_form(runner, "koordinator", "Registrer svar", said, near="Vaktadvokat")


async def _police(runner: ExerciseRunner) -> None:
    runner.chapter(
        "Vakthavende er ute, EXIT svarer",
        "Vakthavende hos politiet er på vakt, men ute på oppdrag. Påminnelse etter et kvarter, og etter en "
        "halv time spørres neste på lista, som har fri, men svarer.",
    )
    await runner.until(minute(runner, "18:30"))
    await runner.until(minute(runner, "18:40"))
    await steps.confirm(runner, "politi-exit")
    await steps.presses(runner, "Jeg kommer", "politi-exit")


async def _silence(runner: ExerciseRunner) -> None:
    runner.chapter(
        "Sosialtjenesten svarer ikke",
        "Kontoret er stengt. De har ingen flere på Slack å spørre og ingen leder ført opp. Vakttelefonen "
        "står i koordinatorens liste. Der svarer heller ingen.",
    )
    await runner.until(minute(runner, "20:59"))


async def _below_quorum(runner: ExerciseRunner, room: str) -> None:
    runner.chapter(
        "Klokken 21: for få",
        "To tjenester er på plass. Etter ti minutter går koordinatoren videre, med en grunn. "
        "Vaktadvokaten ringer inn litt senere.",
    )
    await runner.until(minute(runner, "21:00"))
    await steps.presses(runner, HERE, "barnevernvakt", in_=room)
    await runner.until(minute(runner, "21:02"))
    await steps.presses(runner, HERE, "politi-exit", in_=room)
    await runner.until(minute(runner, "21:10"))
    few = {"Hvorfor holde møtet med så få?": "det kan ikke vente"}
    await steps.answers_form(runner, "koordinator", "Oppmøte", few)
    await runner.until(minute(runner, "21:14"))
    await runner.koordinator.presses("Valg", in_=room)
    await runner.koordinator.sees_modal("Valg")
    await runner.koordinator.presses("Oppmøte")
    await steps.form(runner, "koordinator", {"Bistandsadvokaten": "Vara møtte"}, title="Oppmøte")
    await steps.puts_away(runner.koordinator)


async def _registered(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Oppmøtet og referatet", "Hvem som kom, og hvem som gjør hva. Ikke hva som ble sagt.")
    await runner.until(minute(runner, "21:50"))
    treated = ["Beskyttelse og plassering", "Bistandsadvokat", "Neste kontakt"]
    came = {"Sosialtjenesten": "Ble ikke nådd", "Gjennomgått": treated}
    await steps.fills_in(runner, "/tot oppmøte", room, came)
    await runner.until(minute(runner, "22:00"))


# --- Monday ---


async def _handed_over(runner: ExerciseRunner, room: str) -> None:
    runner.chapter(
        "Mandag: barnevernet tar over",
        "Barneverntjenesten kommer inn i saken, og barnevernvakten går ut. Neste møte settes til i morgen.",
    )
    await runner.until(runner.day(3, "08:30"))
    await steps.convenes(runner, "/tot inviter", room, {"Tjeneste": "Barneverntjenesten"})
    await steps.confirm(runner, "barnevern")
    await steps.releases(runner, room, "Barnevernvakten")
    await steps.convenes(runner, "/tot møte i morgen kl 10", room, {"Sted": "Møterom Nord"})
    await steps.presses(runner, "Jeg kommer", "barnevern")


async def _reported(runner: ExerciseRunner) -> None:
    runner.chapter("Rapporten", "Måneden i tall, bare for koordinatoren.")
    await runner.koordinator.types("/tot rapport")
    await steps.form(runner, "koordinator", {"Fra og med": "desember 2026", "Til og med": "desember 2026"})
    await runner.koordinator.closes(whole_stack=True)


async def _achieved(runner: ExerciseRunner, room: str) -> None:
    runner.chapter(
        "Det helga ga",
        "Tre timer etter at politiet ringte, møttes de som trengtes, og barnevernet har tatt over. Nå får "
        "hvert behov en tjeneste, og i morgen møtes de igjen.",
    )
    await steps.fills_in(runner, "/tot tiltak behov", room, {"Behov": ["Beskyttelse", "Et sted å bo"]})
    await steps.form(runner, "koordinator", {"Beskyttelse": "Politiet"})
    await steps.puts_away(runner.koordinator)
    await steps.presses(runner, "Vi tar ansvar", "barnevern", in_=room)
