"""Den første saken: fra opprettelse til avslutning, med seks tjenester."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Den første saken"
SENTENCE = (
    "Seks tjenester kalles inn, én melder forfall, én svarer ikke. De blir enige om hvem som gjør hva, "
    "og saken avsluttes."
)
STARTS = TUESDAY

AGENCIES = [
    "Politiet",
    "Barneverntjenesten",
    "Sosialtjenesten",
    "Bistandsadvokaten",
    "Helsetjenesten",
    "UDI",
]
RECORDED = "Journalført hos oss"


async def play(runner: ExerciseRunner) -> None:
    runner.chapter(
        "Koordinatoren oppretter saken",
        "Ett skjema, og så «Se over og send». "
        "Et telefonnummer i merknaden blir stoppet: ingenting som kan peke ut noen, skal stå her.",
    )
    await runner.person("utenforstaende").types("/tot sak")
    await runner.koordinator.types("/tot sak i overmorgen kl 10")
    await runner.koordinator.sees_modal("Opprett sak")
    await runner.koordinator.fills(
        {
            "Hvem ba om TOT?": "Politiet",
            "Hvor mange personer": "2",
            "Tjenester som spørres nå": AGENCIES,
            "Tjenester som kanskje spørres senere": ["Barnevernvakten"],
            "Sted": "Møterom Nord",
            "Dagsorden eller merknad": "Hvem gjør hva den første uka. Ring 41 23 45 67.",
        }
    )
    await runner.is_refused(runner.koordinator)
    await runner.koordinator.fills({"Dagsorden eller merknad": "Hvem gjør hva den første uka."})
    await steps.reviews(runner)
    room = steps.new_room(runner, set())

    runner.chapter(
        "Hver av dem bekrefter taushetsplikten",
        "Først da åpnes rommet, og først da kommer innkallingen.",
    )
    await steps.confirm(runner, "vara-koordinator", "barnevern", "bistandsadvokat", "helse", "politi-exit")

    runner.chapter(
        "De svarer på innkallingen",
        "Politiet melder forfall og sender vara. Møteplikten er tjenestens, så politiet er med likevel.",
    )
    await steps.presses(runner, "Jeg kommer", "barnevern", "bistandsadvokat", "helse")
    await steps.answers_form(
        runner,
        "politi-exit",
        "Kan ikke",
        {"Hvorfor kan du ikke?": "møte i retten", "Hvem kommer i stedet?": "Vakthavende"},
        title="Kan ikke",
    )
    await steps.presses(runner, "Godkjenn", "koordinator")
    await steps.come(runner, "politi-vakt")

    runner.chapter(
        "UDI er ikke på Slack",
        "Koordinatoren ringer, og fører inn hva de svarte. Den som ikke er på Slack, teller like mye.",
    )
    await steps.answers_form(runner, "koordinator", "Registrer svar", steps.CONFIRMS, near="UDI")
    await steps.answers_form(runner, "koordinator", "Registrer svar", steps.COMES, near="UDI")

    runner.chapter(
        "Sosialtjenesten svarer ikke",
        "Først en påminnelse. De har ingen flere å spørre, så koordinatoren får vite det.",
    )
    await runner.until(runner.day(1, "10:00"))

    runner.chapter(
        "Møtet flyttes", "Alle blir spurt på nytt, varaen også. Den som meldte forfall, har tid likevel."
    )
    await steps.convenes(runner, "/tot flytt fredag kl 12", room, title="Flytt møtet")
    await steps.presses(runner, "Jeg kommer", "barnevern", "bistandsadvokat")
    await steps.presses(runner, "Jeg kan komme likevel", "politi-exit")
    await steps.answers_form(runner, "koordinator", "Registrer svar", steps.COMES, near="UDI")

    runner.chapter(
        "Barnevernvakten kommer inn, helsetjenesten går ut",
        "Det er kveld, og barnevernvakten er på vakt.",
    )
    await runner.until(runner.day(0, "17:30"))
    await steps.convenes(runner, "/tot inviter", room, {"Tjeneste": "Barnevernvakten"})
    await steps.confirm(runner, "barnevernvakt")
    await runner.person("barnevernvakt").writes("jeg kommer")
    await runner.until_idle()
    await steps.presses(runner, "Jeg kommer", "barnevernvakt")
    await steps.releases(runner, room, "Helsetjenesten")

    runner.chapter(
        "Møtet, og morgenen etter",
        "Fem tjenester møtte, og én ble ikke nådd. "
        "Det er ikke å utebli: det er kontaktlista som må bli bedre.",
    )
    await runner.koordinator.opens_home()
    await runner.until_idle()
    await runner.until(runner.day(3, "09:00"))
    came = ("Politiet", "Barneverntjenesten", "Barnevernvakten", "Bistandsadvokaten", "UDI")
    await steps.registers(runner, *came, others={"Sosialtjenesten": "Ble ikke nådd"})
    await steps.fills_in(runner, "/tot fase", room, {"Fase": "Arbeidsfase"})

    runner.chapter(
        "Hvem gjør hva",
        "Det var det møtet skulle svare på. Hvert behov får en tjeneste, og tiltaket en frist. "
        "Det ingen har tatt, står i rødt på kortet til noen tar det.",
    )
    taken = {"Beskyttelse": "Politiet", "Advokat": "Bistandsadvokaten"}
    await steps.needs(runner, room, taken, "Et sted å bo")
    await steps.presses(runner, "Vi tar ansvar", "barnevern", in_=room)
    due = runner.working_day(5).date()
    await steps.fills_in(
        runner,
        "/tot tiltak Politiet",
        room,
        {"Hva skal gjøres?": "avklare vakthold", "Hvem gjelder det?": ["A", "B"], "Frist": due},
    )
    await steps.puts_away(runner.koordinator)
    await runner.until(runner.working_day(1, "09:00"))
    await steps.presses(runner, "Utført", "politi-exit")

    runner.chapter("Saken avsluttes", "Alle andre enn koordinatorene går ut av rommet.")
    await runner.later(days=8)
    await steps.fills_in(runner, "/tot avslutt", room)
    await steps.presses(runner, RECORDED, "politi-exit", "barnevern", "bistandsadvokat")

    runner.chapter(
        "Noen har ikke journalført saken",
        "UDI sa det på telefon. Barnevernvakten har ikke sagt noe, og på slettedatoen venter saken på dem.",
    )
    await runner.later(days=28)
    await steps.answers_form(
        runner,
        "koordinator",
        "Registrer at den er journalført",
        {"Har journalført saken": ["Politiet", "Barneverntjenesten", "Bistandsadvokaten", "UDI"]},
        title="Journalført",
    )
    await runner.later(days=3)

    runner.chapter("Slettedatoen", "Meldingene til tot-bot slettes, og rommet arkiveres.")
    await steps.presses(runner, RECORDED, "barnevernvakt")
    await runner.later(hours=2)
