"""`/tot ring` wherever it is typed, and one call after the other: the list stays."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import ExerciseRunner
from sandbox.people.person import Person
from tests.e2e import kit

CAME = {**steps.CONFIRMS, "Hva svarte de?": "Kommer"}


async def sees(person: Person, window: str) -> str:
    """Wait for a window by its id, since several have one title; what it says."""

    def there() -> bool:
        return person.modal is not None and person.modal.view.payload["callback_id"] == window

    await kit.until(there)
    assert person.modal is not None
    return person.modal.text


async def test_from_anywhere_the_only_case_opens_and_the_next_call_is_one_tap_away(
    runner: ExerciseRunner,
) -> None:
    room = await kit.open_case(runner, "Politiet", "UDI")
    koordinator = runner.person("koordinator")
    for place in ("generelt", "tot-bot", room):
        await koordinator.types("/tot ring", in_=place)
        assert "UDI" in await sees(koordinator, "calls"), place
        await koordinator.closes()
    await koordinator.types("/tot ring", in_="generelt")
    await sees(koordinator, "calls")
    await koordinator.presses("Registrer svar", near="UDI")
    await sees(koordinator, "record_answer")
    await koordinator.fills(CAME)
    await kit.send(runner, koordinator)
    listed = await sees(koordinator, "calls")
    assert "Kommer." in listed, "as it is by now"
    await koordinator.presses("Registrer svar", near="Politiet")
    await sees(koordinator, "record_answer")
    await koordinator.fills(CAME)
    await kit.send(runner, koordinator)
    assert (await sees(koordinator, "calls")).count("Kommer.") == 2
    await koordinator.closes()
    assert koordinator.modal is None


async def test_one_agencys_list_comes_back_as_such_and_a_message_needs_none(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten", "UDI")
    koordinator = runner.person("koordinator")
    await koordinator.presses("Valg", in_=room)
    await sees(koordinator, "choices")
    await koordinator.presses("Registrer svar", near="Barneverntjenesten")
    await only(runner, koordinator, "Barneverntjenesten", "UDI")
    await koordinator.closes()
    await koordinator.presses("Registrer svar", in_="tot-bot", near="UDI")
    await sees(koordinator, "record_answer")
    await koordinator.fills(CAME)
    await kit.send(runner, koordinator)
    assert koordinator.modal is None, "the message shows it by itself"


async def only(runner: ExerciseRunner, person: Person, agency: str, other: str) -> None:
    """The list of one agency, before and after a call."""
    assert other not in await sees(person, "calls")
    await person.presses("Registrer svar", near=agency)
    await sees(person, "record_answer")
    await person.fills(CAME)
    await kit.send(runner, person)
    listed = await sees(person, "calls")
    assert "Kommer." in listed
    assert other not in listed


async def test_of_several_cases_one_is_chosen_by_a_tap(runner: ExerciseRunner) -> None:
    later = await kit.open_case(runner, "Politiet", "UDI", when="om tre dager kl 10")
    sooner = await kit.open_case(runner, "Barneverntjenesten", "UDI")
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot ring", in_="generelt")
    offered = await sees(koordinator, "choose_calls")
    codes = [room.removeprefix("rom-") for room in (sooner, later)]
    assert [offered.index(code) for code in codes] == sorted(offered.index(code) for code in codes)
    await koordinator.presses("Åpne", near=codes[1])
    assert "Politiet" in await sees(koordinator, "calls")
    await koordinator.closes()
    # In a room it is that room's case, and whoever coordinates none learns of none.
    await koordinator.types("/tot ring", in_=sooner)
    assert "Barneverntjenesten" in await sees(koordinator, "calls")
    await koordinator.closes()
    for handle in ("politi-exit", "vara-koordinator", "utenforstaende"):
        shown = await runner.person(handle).types("/tot ring", in_="generelt")
        assert shown is not None, handle
        assert not any(code in shown.text for code in codes), handle
