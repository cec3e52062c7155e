"""A closed case that is opened again, from Slack's side: in its room, and where that cannot be used."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.cli.demo import Rehearsal
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit
from tests.e2e.test_room_trouble import CARD, channel_of, of_the_bot, opened, the_case

REOPENED = "*Saken er åpnet igjen.*"


async def by_word(runner: ExerciseRunner, room: str) -> None:
    await runner.person("koordinator").types("/tot gjenåpne i overmorgen kl 12", in_=room)


async def on_the_card(runner: ExerciseRunner, room: str) -> None:
    await runner.person("koordinator").presses("Åpne saken igjen", in_=room)


async def in_home(runner: ExerciseRunner, room: str) -> None:
    await runner.person("koordinator").opens_home()
    await runner.until_idle()
    await runner.person("koordinator").presses("Åpne saken igjen", in_="home")


WAYS: dict[str, Callable[[ExerciseRunner, str], Awaitable[None]]] = {
    "the word": by_word,
    "the card": on_the_card,
    "Home": in_home,
}


async def closed(runner: ExerciseRunner) -> str:
    room = await opened(runner)
    await close(runner, room)
    assert kit.people_in(runner.sandbox, room) == {"koordinator"}
    return room


async def close(runner: ExerciseRunner, room: str) -> None:
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot lukk", in_=room)
    await koordinator.sees_modal("Avslutt sak")
    await kit.send(runner, koordinator)


async def reopen(runner: ExerciseRunner) -> str:
    """Fill in the form that has opened, and send it; what the review shows."""
    koordinator = runner.person("koordinator")
    await koordinator.sees_modal("Åpne saken igjen")
    await koordinator.fills({"Sted": "Møterom Nord"})
    await runner.sends(koordinator)
    review = await koordinator.sees_modal("Se over og send")
    await kit.send(runner, koordinator)
    return review.text


@pytest.mark.parametrize("way", WAYS)
async def test_everybody_is_asked_anew_and_comes_in_when_they_have_confirmed(
    rehearsal: Rehearsal, way: str
) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = await closed(runner)
    await WAYS[way](runner, room)
    review = await reopen(runner)
    assert "@politi-exit" in review
    assert "@barnevern" in review
    assert "Rommet er det samme" in review
    assert kit.people_in(sandbox, room) == {"koordinator"}
    await runner.person("koordinator").sees(REOPENED, in_=room)
    await kit.confirm(runner, "politi-exit")
    assert kit.people_in(sandbox, room) == {"koordinator", "politi-exit"}
    await kit.press(runner, "politi-exit", "Jeg kommer")
    case = await the_case(rehearsal)
    assert (case.closed_at, case.delete_on) == (None, None)
    standing = of_the_bot(sandbox, channel_of(sandbox, room))
    assert not [text for text in standing if "Saken er avsluttet" in text], "what said so has gone"
    for handle in ("politi-exit", "barnevern"):
        told = [seen.text for seen in kit.direct(sandbox, handle)]
        assert not [text for text in told if "i TOT Bergen er avsluttet" in text]
    await runner.later(days=40)
    assert CARD in of_the_bot(sandbox, channel_of(sandbox, room)), "nothing is deleted"


async def test_a_room_that_somebody_has_archived_is_replaced(rehearsal: Rehearsal) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = await closed(runner)
    await runner.person("koordinator").archives(room)
    await runner.until_idle()
    await in_home(runner, room)
    assert "nytt rom og en ny kode" in await reopen(runner)
    case = await the_case(rehearsal)
    new = channel_of(sandbox, f"rom-{case.code}")
    assert new.name != room
    assert kit.people_in(sandbox, new.id) == {"koordinator"}
    assert CARD in of_the_bot(sandbox, new)
    await kit.confirm(runner, "politi-exit")
    assert kit.people_in(sandbox, new.id) == {"koordinator", "politi-exit"}


async def test_closed_once_more_it_is_deleted_on_the_new_date(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    room = await closed(runner)
    await runner.later(days=20)
    await by_word(runner, room)
    await reopen(runner)
    await kit.confirm(runner, "politi-exit")
    await close(runner, room)
    told = [seen.text for seen in kit.direct(runner.sandbox, "politi-exit")]
    assert any("i TOT Bergen er avsluttet" in text for text in told), "told of the second end too"
    await runner.person("koordinator").sees("Saken er avsluttet", in_=room)
    first = (await the_case(rehearsal)).delete_on
    await runner.later(days=20)
    assert (await the_case(rehearsal)).purged_at is None, "the first date has passed"
    # Nobody has said that it is on record.
    await runner.later(days=22)
    assert (await the_case(rehearsal)).purged_at is None
    await runner.later(days=3)
    assert first is not None
    assert (await the_case(rehearsal)).purged_at is not None


async def test_no_day_of_deletion_stands_that_is_over(runner: ExerciseRunner) -> None:
    """The case waits to be on record, and what told its day tells the other one."""
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit")
    await kit.submit_form(runner, "koordinator", "/tot lukk", room)
    koordinator = runner.person("koordinator")

    def seen() -> str:
        return "\n".join(m.text for place in (room, "tot-bot") for m in koordinator.messages(place))

    assert "Tidligst torsdag 31. desember" in seen()
    await runner.until(runner.day(30, "12:00"))
    assert "31. desember" not in seen()
    assert "Tidligst torsdag 14. januar" in seen()
