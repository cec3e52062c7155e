"""Two coordinators, through the front door: one is alerted at a time, and each sees who has the case."""

from __future__ import annotations

from bot.cli.demo import Rehearsal
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit


async def case_to_ring(runner: ExerciseRunner) -> str:
    """A case with an agency that only a call reaches; both coordinators have confirmed."""
    room = await kit.open_case(runner, "Politiet", "UDI")
    await kit.confirm(runner, "vara-koordinator")
    return room


def lists(runner: ExerciseRunner, handle: str) -> list[str]:
    return [m.text for m in kit.direct(runner.sandbox, handle) if "Ring disse" in m.text]


async def test_the_other_is_alerted_after_ten_minutes_if_nobody_has_taken_it(runner: ExerciseRunner) -> None:
    await case_to_ring(runner)
    (listed,) = lists(runner, "koordinator")
    assert "*Du har saken.*\nTrykk «Jeg ringer». Ellers får @vara-koordinator beskjed kl. 09:10." in listed
    assert lists(runner, "vara-koordinator") == []
    await runner.later(minutes=9)
    assert lists(runner, "vara-koordinator") == []
    await runner.later(minutes=2)
    (listed,) = lists(runner, "vara-koordinator")
    assert "*@koordinator har saken.*" in listed


async def test_who_says_that_they_ring_is_left_alone_for_a_while(runner: ExerciseRunner) -> None:
    await case_to_ring(runner)
    await kit.press(runner, "koordinator", "Jeg ringer")
    await runner.later(minutes=14)
    assert lists(runner, "vara-koordinator") == []
    await runner.later(minutes=20)
    assert len(lists(runner, "vara-koordinator")) == 1


async def test_the_other_takes_over_with_one_tap_and_both_see_it(runner: ExerciseRunner) -> None:
    room = await case_to_ring(runner)
    await kit.press(runner, "vara-koordinator", "Jeg tar over")
    (listed,) = lists(runner, "vara-koordinator")
    assert "*Du har saken.*" in listed
    (listed,) = lists(runner, "koordinator")
    assert "*@vara-koordinator har saken.*" in listed
    await runner.person("koordinator").opens_home()
    await runner.until_idle()
    home = runner.person("koordinator").home
    assert room.removeprefix("rom-") in home
    assert "@vara-koordinator har saken." in home


async def test_when_the_first_is_gone_the_other_has_the_list_at_once(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    await case_to_ring(runner)
    assert lists(runner, "vara-koordinator") == []
    await runner.person("koordinator").is_deactivated()
    await runner.until_idle()
    assert len(lists(runner, "vara-koordinator")) == 1


OFFER, WHO = "Vil du ta over", "Hvem skal ta over?"


async def give(runner: ExerciseRunner, room: str, **fields: str) -> str:
    """«Gi saken til …» in «Valg», filled in and sent; the window before it was opened."""
    koordinator = runner.person("koordinator")
    await koordinator.presses("Valg", in_=room)
    await koordinator.sees_modal()
    await koordinator.presses("Flere valg", in_="modal")
    await koordinator.sees("Gi saken til …", in_="modal")
    assert koordinator.modal is not None
    choices = koordinator.modal.text
    await koordinator.presses("Gi saken til …", in_="modal")
    await koordinator.sees_modal("Gi saken videre")
    await koordinator.fills(fields)
    await kit.send(runner, koordinator)
    return choices


def offers(runner: ExerciseRunner) -> list[str]:
    return [m.text for m in kit.direct(runner.sandbox, "vara-koordinator") if OFFER in m.text]


async def test_a_case_is_given_by_name_and_stays_with_the_giver_until_the_one_tap(
    runner: ExerciseRunner,
) -> None:
    room = await case_to_ring(runner)
    await give(runner, room)
    (offer,) = offers(runner)
    assert room.removeprefix("rom-") in offer
    assert "@koordinator har den til du trykker «Jeg tar over»" in offer
    assert "*Du har saken.*\n@vara-koordinator er spurt om å ta over." in lists(runner, "koordinator")[0]
    assert "@vara-koordinator er spurt om å ta over." in await give(runner, room, **{WHO: "Ingen likevel"})
    assert offers(runner) == []
    await give(runner, room)
    await kit.press(runner, "vara-koordinator", "Nei, ikke nå")
    assert offers(runner) == []
    assert "er spurt" not in lists(runner, "koordinator")[0]
    code = room.removeprefix("rom-")
    told = kit.direct(runner.sandbox, "koordinator")[-1].text
    assert told == f"*Du har fortsatt sak {code}.* Den som ble spurt, kan ikke ta over nå."
    await runner.later(minutes=1)
    await give(runner, room)
    await runner.person("vara-koordinator").presses("Jeg tar over", in_="tot-bot", near=OFFER)
    await runner.until_idle()
    assert offers(runner) == []
    told = kit.direct(runner.sandbox, "koordinator")[-1].text
    assert told == f"*@vara-koordinator har overtatt sak {code}.*"
    (listed,) = lists(runner, "koordinator")
    assert "*@vara-koordinator har saken.*" in listed
    assert "er spurt" not in listed


async def test_who_has_not_confirmed_takes_it_by_confirming(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "UDI")
    await give(runner, room)
    (offer,) = offers(runner)
    assert room.removeprefix("rom-") not in offer
    await runner.person("vara-koordinator").presses(kit.CONFIRM, in_="tot-bot", near=OFFER)
    await runner.until_idle()
    assert offers(runner) == []
    assert "*@vara-koordinator har saken.*" in lists(runner, "koordinator")[0]
    assert "*@vara-koordinator har overtatt sak" in kit.direct(runner.sandbox, "koordinator")[-1].text


async def test_who_has_not_confirmed_says_no_and_confirms_later_for_nothing_more(
    runner: ExerciseRunner,
) -> None:
    room = await kit.open_case(runner, "Politiet", "UDI")
    await give(runner, room)
    await runner.person("vara-koordinator").presses("Nei, ikke nå", in_="tot-bot", near=OFFER)
    await runner.until_idle()
    assert offers(runner) == []
    await kit.confirm(runner, "vara-koordinator")
    assert "*Du har saken.*" in lists(runner, "koordinator")[0]


async def test_the_other_takes_over_in_valg_and_help_says_where(runner: ExerciseRunner) -> None:
    room = await case_to_ring(runner)
    other = runner.person("vara-koordinator")
    await other.types("/tot hjelp", in_=room)
    await other.presses("Alt du kan", in_=room)
    await other.sees("«Jeg tar over»", in_="modal")
    await other.closes(whole_stack=True)
    await other.presses("Valg", in_=room)
    await other.presses("Flere valg", in_="modal")
    await other.sees("@koordinator har saken.", in_="modal")
    await other.presses("Jeg tar over", in_="modal")
    await runner.until_idle()
    assert "*@vara-koordinator har saken.*" in lists(runner, "koordinator")[0]
