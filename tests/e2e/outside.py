"""Requests and joint meetings, as setup for tests of other subjects."""

from __future__ import annotations

from typing import Any

from sandbox.exercises import steps
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit

QUESTION = "Kanarispørsmål om hvem som kan hjelpe."
ANSWER = "Kanarisvar: ring vaktlinjen."
NOTE = "Kanarimerknad: flere tjenester trengs."
TOPIC, AGENDA = "Kanariemne om deling", "Kanariplan for dagen"


async def ask(runner: ExerciseRunner, handle: str) -> None:
    """Ask for guidance as this person."""
    await runner.person(handle).types("/tot veiledning")
    await steps.form(runner, handle, {"Tema": "Barn og unge under 18", "Hva vil du drøfte?": QUESTION})


async def answer(runner: ExerciseRunner) -> None:
    await steps.answers_form(runner, "koordinator", "Svar", {"Svaret": ANSWER})


async def close(runner: ExerciseRunner) -> None:
    await steps.answers_form(runner, "koordinator", "Avslutt veiledningen")


async def ask_to_convene(runner: ExerciseRunner, handle: str, **fields: str) -> None:
    await runner.person(handle).types("/tot kalle")
    await steps.form(runner, handle, {"Hvor fort bør TOT møtes?": "I dag", "Merknad": NOTE, **fields})


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
