"""Requests and joint meetings, as setup for tests of other subjects."""

from __future__ import annotations

from typing import Any

from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit

QUESTION = "Kanarispørsmål om hvem som kan hjelpe."
ANSWER = "Kanarisvar: ring vaktlinjen."
NOTE = "Kanarimerknad: flere tjenester trengs."
TOPIC, AGENDA = "Kanariemne om deling", "Kanariplan for dagen"


async def ask(runner: ExerciseRunner, handle: str) -> None:
    """Ask for guidance as this person."""
    person = runner.person(handle)
    await person.types("/tot veiledning")
    await person.fills({"Tema": "Barn og unge under 18", "Hva vil du drøfte?": QUESTION})
    await kit.send(runner, person)


async def answer(runner: ExerciseRunner) -> None:
    person = runner.person("koordinator")
    await person.presses("Svar", in_="tot-bot")
    await person.fills({"Svaret": ANSWER})
    await kit.send(runner, person)


async def close(runner: ExerciseRunner) -> None:
    person = runner.person("koordinator")
    await person.presses("Avslutt veiledningen", in_="tot-bot")
    await kit.send(runner, person)


async def ask_to_convene(runner: ExerciseRunner, handle: str, **fields: str) -> None:
    person = runner.person(handle)
    await person.types("/tot kalle")
    await person.fills({"Hvor fort bør TOT møtes?": "I dag", "Merknad": NOTE, **fields})
    await kit.send(runner, person)


def texts(runner: ExerciseRunner, handle: str) -> str:
    """Return the bot's current messages to somebody."""
    return "\n".join(seen.text for seen in kit.direct(runner.sandbox, handle))


async def call(runner: ExerciseRunner) -> str:
    """Call a joint meeting on Friday as the coordinator; return what the review shows."""
    coordinator = runner.person("koordinator")
    await coordinator.types("/tot fellesmøte fredag kl 12")
    about = {"Emne": TOPIC, "Sted": "Det store møterommet", "Dagsorden eller merknad": AGENDA}
    return await _reviewed(runner, about)


async def change(runner: ExerciseRunner, fields: dict[str, Any]) -> str:
    """Change the joint meeting as the coordinator; return what the review shows."""
    await runner.person("koordinator").presses("Endre fellesmøtet", in_="tot-bot")
    return await _reviewed(runner, fields)


async def _reviewed(runner: ExerciseRunner, fields: dict[str, Any]) -> str:
    coordinator = runner.person("koordinator")
    await coordinator.fills(fields)
    await runner.sends(coordinator)
    review = await coordinator.sees_modal("Se over og send")
    await kit.send(runner, coordinator)
    return review.text
