"""Steps that several exercises share.

An exercise is there to be watched and played: what must follow from its steps is told by tests/stories.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.exercises.runner import ExerciseRunner
from sandbox.people.person import Person
from sandbox.people.visibility import CouldNot

Fields = Mapping[str, Any]
_NONE: Fields = {}
CONFIRM = "Jeg bekrefter taushetsplikten"
REVIEW = "Se over og send"
#: The same confirmation in the form in which the coordinator records a call.
CONFIRMS: Fields = {"Taushetsplikten": "Har fått dette forklart, og bekrefter det"}
COMES: Fields = {"Hva svarte de?": "Kommer"}


def rooms(runner: ExerciseRunner) -> list[str]:
    """Return the names of the case rooms that the coordinator is in."""
    return [name for name in runner.koordinator.channels() if name.startswith("rom-")]


async def asks(runner: ExerciseRunner, handle: str) -> None:
    """Ask for TOT to be convened."""
    await runner.person(handle).types("/tot kalle")
    fields = {"Hvor fort bør TOT møtes?": "Det kan vente et par uker"}
    await form(runner, handle, fields, title="Be om at TOT samles")


async def declines(runner: ExerciseRunner) -> None:
    """Decline to convene TOT, as the coordinator, with a reason."""
    reason = {"Hvorfor?": "Dette løses bedre med veiledning"}
    await answers_form(runner, "koordinator", "Nei", reason, title="Ikke kall sammen")


async def wonders(runner: ExerciseRunner, handle: str, question: str) -> None:
    """Ask the coordinators for guidance about sharing."""
    await runner.person(handle).types("/tot veiledning")
    await form(runner, handle, {"Tema": "Taushetsplikt og deling", "Hva vil du drøfte?": question})


async def opens(runner: ExerciseRunner, agencies: Sequence[str], when: str, **fields: Any) -> str:
    """Open a case as the coordinator, and return the name of its room."""
    before = set(rooms(runner))
    fields = {"Tjenester som spørres nå": list(agencies), "Sted": "Møterom Nord", **fields}
    await convenes(runner, f"/tot sak {when}", "#generelt", fields, title="Opprett sak")
    return new_room(runner, before)


def new_room(runner: ExerciseRunner, before: set[str]) -> str:
    """Return the coordinator's new room. Raise CouldNot unless there is exactly one."""
    fresh = [name for name in rooms(runner) if name not in before]
    if len(fresh) != 1:
        raise CouldNot(f"there are {len(fresh)} new rooms")
    return fresh[0]


async def convenes(
    runner: ExerciseRunner, command: str, room: str, fields: Fields = _NONE, *, title: str = ""
) -> None:
    """Type a command as the coordinator, fill in its form, review and send it."""
    await runner.koordinator.types(command, in_=room)
    await runner.koordinator.sees_modal(title)
    if fields:
        await runner.koordinator.fills(fields)
    await reviews(runner)


async def reviews(runner: ExerciseRunner) -> None:
    """Review and send the open form as the coordinator, and close the receipt."""
    form = runner.koordinator.modal
    if form is None or form.title != REVIEW:  # a human who plays the part may be at the review already
        await runner.sends(runner.koordinator)
        await runner.koordinator.sees_modal(REVIEW)
    await runner.sends(runner.koordinator)
    await runner.until_idle()
    await puts_away(runner.koordinator)


async def puts_away(person: Person) -> None:
    """Close a modal without a submit button, such as the receipt of an opened case."""
    if person.modal is not None and person.modal.view.payload["submit"] is None:
        await person.closes()


async def presses(
    runner: ExerciseRunner, label: str, *handles: str, in_: str = "tot-bot", near: str | None = None
) -> None:
    """Press the button as these people, one after the other."""
    for handle in handles:
        await runner.person(handle).presses(label, in_=in_, near=near)
        await runner.until_idle()


async def confirm(runner: ExerciseRunner, *handles: str) -> None:
    await presses(runner, CONFIRM, *handles)


async def come(runner: ExerciseRunner, *handles: str) -> None:
    """Confirm taushetsplikt and say that one comes, as these people, one after the other."""
    for handle in handles:
        await confirm(runner, handle)
        await presses(runner, "Jeg kommer", handle)


async def form(runner: ExerciseRunner, handle: str, fields: Fields = _NONE, *, title: str = "") -> None:
    """Fill in the form that has opened, and submit it."""
    person = runner.person(handle)
    await person.sees_modal(title)
    if fields:
        await person.fills(fields)
    await runner.sends(person)
    await runner.until_idle()


async def answers_form(
    runner: ExerciseRunner,
    handle: str,
    label: str,
    fields: Fields = _NONE,
    *,
    title: str = "",
    near: str | None = None,
) -> None:
    """Press a button in the person's direct messages, submit the form that it opens, close the receipt."""
    await runner.person(handle).presses(label, in_="tot-bot", near=near)
    await form(runner, handle, fields, title=title)
    await puts_away(runner.person(handle))


async def registers(runner: ExerciseRunner, *came: str, others: Fields = _NONE) -> None:
    """Record as the coordinator who came to the meeting, and what is known of the others."""
    fields = {**others, **dict.fromkeys(came, "Møtte")}
    await answers_form(runner, "koordinator", "Registrer hvem som kom", fields, title="Oppmøte")


async def fills_in(
    runner: ExerciseRunner, command: str, room: str, fields: Fields = _NONE, *, title: str = ""
) -> None:
    """Type a command in a room as the coordinator, fill in its form, submit it, close any receipt."""
    await runner.koordinator.types(command, in_=room)
    await form(runner, "koordinator", fields, title=title)
    await puts_away(runner.koordinator)


async def first_meeting(runner: ExerciseRunner) -> str:
    """Open a case whose three agencies come to its first meeting, and register it; return its room."""
    agencies = ("Politiet", "Barneverntjenesten", "Helsetjenesten")
    room = await opens(runner, agencies, "i morgen kl 10")
    await come(runner, "politi-exit", "barnevern", "helse")
    await runner.until(runner.day(2, "09:00"))
    await registers(runner, *agencies)
    return room


async def needs(runner: ExerciseRunner, room: str, taken: Mapping[str, str], *others: str) -> None:
    """Note needs as the coordinator: those that an agency takes, and those that nobody has."""
    await fills_in(runner, "/tot tiltak behov", room, {"Behov": [*taken, *others]})
    await form(runner, "koordinator", taken)
    await puts_away(runner.koordinator)


async def releases(runner: ExerciseRunner, room: str, agency: str) -> None:
    """Release an agency as the coordinator, after seeing who loses access."""
    await fills_in(runner, "/tot ut", room, {"Tjeneste": agency}, title="Ta ut en tjeneste")
    await form(runner, "koordinator", title="Ta ut en tjeneste")


async def links(runner: ExerciseRunner, what: str, room: str, **fields: Any) -> None:
    """Press a button in the form of `/tot koble` as the coordinator, and submit the form that follows."""
    await runner.koordinator.types("/tot koble", in_=room)
    await runner.koordinator.presses(what)
    await runner.until_idle()
    if fields:
        await form(runner, "koordinator", fields)
