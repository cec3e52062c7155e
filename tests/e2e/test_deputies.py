"""A deputy on whom nobody decides, and a seat that nobody takes over: who is reminded, and of what."""

from __future__ import annotations

from sandbox.exercises.runner import ExerciseRunner
from sandbox.server import Sandbox
from tests.e2e import kit

UNDECIDED = "Varaen for Politiet venter fortsatt på godkjenning"
WAITED_FOR = "TOT Bergen venter fortsatt på svar fra deg"


def beginning(sandbox: Sandbox, handle: str, line: str) -> list[str]:
    """The messages of the bot to somebody whose first line is this."""
    return [m.text for m in kit.direct(sandbox, handle) if kit.heading(m.text) == line]


async def test_the_coordinators_are_reminded_of_a_deputy_and_the_reminder_goes(
    runner: ExerciseRunner,
) -> None:
    sandbox = runner.sandbox
    await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit", "vara-koordinator")
    police = runner.person("politi-exit")
    await police.presses("Kan ikke", in_="tot-bot")
    await police.sees_modal()
    await police.fills({"Hvorfor kan du ikke?": "borte fra jobb", "Hvem kommer i stedet?": "Vakthavende"})
    await kit.send(runner, police)
    for handle in ("koordinator", "vara-koordinator"):
        assert beginning(sandbox, handle, UNDECIDED) == []
    await runner.later(minutes=61)
    assert beginning(sandbox, "koordinator", UNDECIDED) == [], "the meeting is the day after tomorrow"
    await runner.until(runner.day(0, "12:31"))
    for handle in ("koordinator", "vara-koordinator"):
        (reminder,) = beginning(sandbox, handle, UNDECIDED)
        assert "Ingen blir spurt om å komme i stedet før varaen er godkjent" in reminder
    assert [h for h in ("politi-vakt", "politi-leder") if kit.direct(sandbox, h)] == []
    await runner.until(runner.day(0, "16:01"))
    assert len(beginning(sandbox, "koordinator", UNDECIDED)) == 2
    await kit.press(runner, "vara-koordinator", "Godkjenn")
    for handle in ("koordinator", "vara-koordinator"):
        assert beginning(sandbox, handle, UNDECIDED) == []
    assert kit.direct(sandbox, "politi-vakt"), "now the deputy is asked"
    await kit.confirm(runner, "politi-vakt")
    await kit.press(runner, "politi-vakt", "Jeg kommer")
    (decided,) = beginning(sandbox, "koordinator", "Varaen for Politiet er godkjent")
    assert "som vara." in decided
    assert "spurt" not in decided, "they have answered"
    await runner.until(runner.day(2, "10:02"))
    for handle, there in (("politi-exit", False), ("politi-vakt", True)):
        told = [m.text for m in kit.direct(sandbox, handle) if "på møtet i sak" in m.text]
        assert ["Jeg er til stede" in text for text in told] == [there]


async def test_who_is_to_take_over_is_reminded_and_then_the_coordinator_is_told(
    runner: ExerciseRunner,
) -> None:
    sandbox = runner.sandbox
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten", when="i morgen kl 08:30")
    await kit.confirm(runner, "politi-exit")
    code = room.removeprefix("rom-")
    silent = "Politiet: plassen i sak KODE er ikke tatt over"
    await kit.submit_form(runner, "politi-exit", "/tot overlever", room, Tar_over="Vakthavende")
    await runner.later(minutes=16)
    (reminder,) = beginning(sandbox, "politi-vakt", WAITED_FOR)
    assert code not in reminder
    assert beginning(sandbox, "koordinator", silent) == []
    await runner.later(minutes=15)
    (told,) = beginning(sandbox, "koordinator", silent)
    assert "@politi-exit er fortsatt med" in told
    assert beginning(sandbox, "politi-vakt", WAITED_FOR) == [reminder]
    await kit.confirm(runner, "politi-vakt")
    assert beginning(sandbox, "koordinator", silent) == beginning(sandbox, "politi-vakt", WAITED_FOR) == []
    assert "politi-vakt" in kit.people_in(sandbox, room)


async def test_a_leader_does_not_read_why_somebody_cannot_come_and_leaves_it_as_it_is(
    runner: ExerciseRunner,
) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit")
    police, leader = runner.person("politi-exit"), runner.person("politi-leder")
    await police.presses("Kan ikke", in_="tot-bot")
    await police.fills({"Hvorfor kan du ikke?": "møte i retten"})
    await kit.send(runner, police)

    async def reason(handle: str, in_: str) -> object:
        """What stands at «Grunn» when they open the form."""
        person = runner.person(handle)
        await person.types("/tot vara", in_=in_)
        view = (await person.sees_modal("Meld vara")).view
        return next(b["element"].get("initial_option") for b in view.blocks if b["block_id"] == "reason")

    assert await reason("politi-leder", "#generelt") is None
    await leader.fills({"Vara": "1. Vakthavende"})
    await kit.send(runner, leader)
    for handle in ("politi-exit", "koordinator"):
        assert "Møte i retten" in str(await reason(handle, room)), "as it was said"
