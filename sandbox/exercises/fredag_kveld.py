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
    runner.chapter(
        "Klokken er 18 en fredag",
        "Det haster, og kontorene er tomme. Koordinatoren kaller inn til klokken 21 samme kveld. "
        "Barneverntjenesten føres opp til mandag, og får ikke vite noe ennå.",
    )
    room = await steps.opens(
        runner,
        AGENCIES,
        "i kveld kl 21",
        **{
            "Lenke til videomøte": "https://meet.example.no/tot-bergen",
            "Hvem ba om TOT?": "Politiet",
            "Tjenester som kanskje spørres senere": ["Barneverntjenesten"],
        },
    )

    runner.chapter("Barnevernvakten svarer", "Fire minutter, og de kommer.")
    await _until(runner, "18:04")
    await steps.come(runner, "barnevernvakt")

    runner.chapter(
        "Bistandsadvokaten sender vara",
        "Advokaten er opptatt i kveld. Vaktadvokaten kan bestemme, og koordinatoren godkjenner. "
        "Vaktadvokaten er ikke på Slack, så koordinatoren ringer.",
    )
    await _until(runner, "18:20")
    await steps.confirm(runner, "bistandsadvokat")
    why = "Et annet oppdrag som ikke kan flyttes"
    cannot = {"Hvorfor kan du ikke?": why, "Hvem kommer i stedet?": "Vaktadvokat"}
    await steps.answers_form(runner, "bistandsadvokat", "Kan ikke", cannot)
    await steps.presses(runner, "Godkjenn", "koordinator")
    said = {**steps.CONFIRMS, **steps.COMES}
    await steps.answers_form(runner, "koordinator", "Registrer svar", said, near="Vaktadvokat")

    runner.chapter(
        "Vakthavende er ute, EXIT svarer",
        "Vakthavende hos politiet er på vakt, men ute på oppdrag. Påminnelse etter et kvarter, og etter en "
        "halv time spørres neste på lista, som har fri, men svarer.",
    )
    await _until(runner, "18:30")
    await _until(runner, "18:40")
    await steps.come(runner, "politi-exit")

    runner.chapter(
        "Sosialtjenesten svarer ikke",
        "Kontoret er stengt. De har ingen flere på Slack å spørre og ingen leder ført opp. Vakttelefonen "
        "står i koordinatorens liste. Der svarer heller ingen.",
    )
    await _until(runner, "20:59")

    runner.chapter(
        "Klokken 21: for få",
        "To tjenester er på plass. Etter ti minutter går koordinatoren videre, med en grunn. "
        "Vaktadvokaten ringer inn litt senere.",
    )
    await _until(runner, "21:00")
    await steps.presses(runner, HERE, "barnevernvakt", in_=room)
    await _until(runner, "21:02")
    await steps.presses(runner, HERE, "politi-exit", in_=room)
    await _until(runner, "21:10")
    few = {"Hvorfor holde møtet med så få?": "det kan ikke vente"}
    await steps.answers_form(runner, "koordinator", "Oppmøte", few)
    await _until(runner, "21:14")
    await runner.koordinator.presses("Valg", in_=room)
    await runner.koordinator.sees_modal("Valg")
    await runner.koordinator.presses("Oppmøte")
    await steps.form(runner, "koordinator", {"Bistandsadvokaten": "Vara møtte"}, title="Oppmøte")
    await steps.puts_away(runner.koordinator)

    runner.chapter("Oppmøtet og referatet", "Hvem som kom, og hvem som gjør hva. Ikke hva som ble sagt.")
    await _until(runner, "21:50")
    treated = ["Beskyttelse og plassering", "Bistandsadvokat", "Neste kontakt"]
    came = {"Sosialtjenesten": "Ble ikke nådd", "Gjennomgått": treated}
    await steps.fills_in(runner, "/tot oppmøte", room, came)
    await _until(runner, "22:00")

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

    runner.chapter("Rapporten", "Måneden i tall, bare for koordinatoren.")
    await runner.koordinator.types("/tot rapport")
    await steps.form(runner, "koordinator", {"Fra og med": "desember 2026", "Til og med": "desember 2026"})
    await runner.koordinator.closes(whole_stack=True)

    runner.chapter(
        "Det helga ga",
        "Tre timer etter at politiet ringte, møttes de som trengtes, og barnevernet har tatt over. Nå får "
        "hvert behov en tjeneste, og i morgen møtes de igjen.",
    )
    await steps.needs(runner, room, {"Beskyttelse": "Politiet"}, "Et sted å bo")
    await steps.presses(runner, "Vi tar ansvar", "barnevern", in_=room)


async def _until(runner: ExerciseRunner, clock: str) -> None:
    """Go to the middle of that minute today: what is due in it has come, and there is time left to act."""
    await runner.until(runner.day(0, clock) + timedelta(seconds=30))
