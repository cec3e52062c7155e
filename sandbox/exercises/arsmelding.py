"""Årsmelding: et år med få saker telles, sakene slettes, og tallene blir."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sandbox.exercises import steps
from sandbox.exercises.runner import ZONE, ExerciseRunner

TITLE = "Et år, og årsmeldingen"
SENTENCE = "Et år går. To av tre saker er slettet, og årsmeldingen har fortsatt alle tallene, og ingen saker."
STARTS = datetime(2026, 1, 12, 9, 0, tzinfo=ZONE)

THREE = ("Politiet", "Barneverntjenesten", "Sosialtjenesten")
PEOPLE = ("politi-exit", "barnevern", "sosialtjenesten")
AWAY = "Møtte ikke, hadde meldt forfall"


async def play(runner: ExerciseRunner) -> None:
    runner.chapter(
        "Januar: den første saken",
        "Barnevernet ber om TOT. Møtet er samme dag, alle tre kommer, og ett behov blir tatt med en gang.",
    )
    await steps.asks(runner, "barnevern")
    await runner.koordinator.presses("Ja, opprett sak", in_="tot-bot")
    await runner.koordinator.sees_modal("Opprett sak")
    await runner.koordinator.fills(
        {
            "Tjenester som spørres nå": list(THREE),
            "Hvor mange personer": "2",
            "Når": runner.day(0, "15:00"),
            "Sted": "Møterom Nord",
        }
    )
    await steps.reviews(runner)
    room = steps.rooms(runner)[-1]
    await steps.come(runner, *PEOPLE)
    await steps.needs(runner, room, {"Beskyttelse": "Politiet"}, "Et sted å bo")
    action = {
        "Ansvarlig tjeneste": "Politiet",
        "Hvilket behov?": "Beskyttelse",
        "Hvem gjelder det?": ["A", "B"],
        "Frist": date(2026, 1, 20),
    }
    await steps.fills_in(runner, "/tot tiltak Politiet", room, action)
    await _register(runner, room, runner.day(0, "16:30"), dict.fromkeys(THREE, "Møtte"))
    await steps.presses(runner, "Utført", "politi-exit")
    await _close(runner, room, days=20)
    await runner.until(runner.day(31))

    runner.chapter("Mars: et nei", "Helsetjenesten ber om TOT, og får et nei med en grunn.")
    await steps.asks(runner, "helse")
    await steps.declines(runner)
    await runner.until(datetime(2026, 4, 7, 9, tzinfo=ZONE))

    runner.chapter("April: veiledning", "Sosialtjenesten spør anonymt, og får svar i tide.")
    await steps.wonders(runner, "sosialtjenesten", "Hva kan vi dele, og når?")
    answer = {"Svaret": "Spør uten å si hvem det gjelder."}
    await steps.answers_form(runner, "koordinator", "Svar", answer, title="Svar")
    await steps.answers_form(runner, "koordinator", "Avslutt veiledningen", title="Avslutt veiledningen")
    await runner.until(datetime(2026, 5, 11, 9, tzinfo=ZONE))

    runner.chapter("Mai: et fellesmøte", "Alle partnerne er invitert, og tre kommer.")
    fields = {"Emne": "Hva kan vi dele?", "Sted": "Det store møterommet"}
    await steps.convenes(runner, "/tot fellesmøte fredag kl 12", "#generelt", fields, title="Fellesmøte")
    await steps.presses(runner, "Kommer", "barnevern", "helse", "politi-exit")
    await runner.until(runner.day(5, "09:00"))
    await steps.answers_form(runner, "koordinator", "Hvem kom?", title="Hvem kom?")
    await runner.until(datetime(2026, 6, 15, 9, tzinfo=ZONE))

    runner.chapter(
        "Juni: den andre saken",
        "Det går fem døgn til møtet, bare politiet kommer, og behovet er det ingen som tar.",
    )
    room = await steps.opens(runner, THREE, "", **{"Når": runner.day(5, "09:00")})
    await steps.come(runner, *PEOPLE)
    await steps.needs(runner, room, {}, "Et sted å bo")
    came = {"Politiet": "Møtte", "Barneverntjenesten": AWAY, "Sosialtjenesten": AWAY}
    await _register(runner, room, runner.day(5, "10:30"), came)
    await _close(runner, room, days=30)
    await runner.until(datetime(2026, 12, 14, 9, tzinfo=ZONE))

    runner.chapter(
        "Desember: den tredje saken", "Tre personer. Møtet er etter to døgn, og saken går inn i det nye året."
    )
    room = await steps.opens(runner, THREE, "i overmorgen kl 9", **{"Hvor mange personer": "3"})
    await steps.come(runner, *PEOPLE)
    await steps.needs(runner, room, {}, "Helsehjelp")
    await runner.until(runner.day(1, "12:00"))
    await steps.presses(runner, "Vi tar ansvar", "sosialtjenesten", in_=room)
    await _register(runner, room, runner.day(1, "10:30"), dict.fromkeys(THREE, "Møtte"))
    await runner.until(datetime(2027, 1, 11, 9, tzinfo=ZONE))

    runner.chapter("Januar: koordinatorens egne tall", "Alle tall, også de små, bare for koordinatoren.")
    await _order(runner, "Bare meg: alle tall")

    runner.chapter("Til deling", "Små tall vises ikke, og ingen av dem kan regnes ut.")
    await _order(runner, "Til deling: tall under 5 skjules")


async def _order(runner: ExerciseRunner, whose: str) -> None:
    """Order the year's report as the coordinator."""
    await runner.koordinator.types("/tot rapport")
    year = {"Fra og med": "januar 2026", "Til og med": "desember 2026"}
    fields = {**year, "Hvem er den til?": whose}
    await steps.form(runner, "koordinator", fields, title="Rapport")
    await runner.koordinator.closes(whole_stack=True)


async def _register(runner: ExerciseRunner, room: str, when: datetime, came: Mapping[str, str]) -> None:
    await runner.until(when)
    await steps.fills_in(runner, "/tot oppmøte", room, came, title="Oppmøte")


async def _close(runner: ExerciseRunner, room: str, days: int) -> None:
    await runner.later(days=days)
    await steps.fills_in(runner, "/tot avslutt", room)
    await steps.presses(runner, "Journalført hos oss", *PEOPLE)
