"""The exercise of a time that makes a quorum, played: one question, one tap, one duty to answer."""

from __future__ import annotations

from collections import Counter

from bot.cli.demo import rehearse
from bot.domain.case.entities import Answer, Ask, Duty, Meeting
from bot.domain.case.polls import TimeAnswer, TimePoll
from bot.domain.notifications import Kind
from bot.usecases.ports import Posted
from sandbox.exercises import EXERCISES
from sandbox.exercises.avstemt_tid import ASKED, ASKED_TO_MOVE, EVERYBODY, FRIDAY
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit
from tests.e2e.drawable import all_can_be_drawn
from tests.e2e.two_cases import World, pressed
from tests.lock_screen import locked_phones_learn_nothing

EXERCISE = EXERCISES["avstemt-tid"]


async def test_played(play_url: str) -> None:
    async with rehearse(play_url, starts=EXERCISE.STARTS, sandbox=kit.quick()) as rehearsal:
        await EXERCISE.play(rehearsal.runner)
        workspace = rehearsal.runner.sandbox.workspace
        all_can_be_drawn(workspace)
        locked_phones_learn_nothing(workspace)
        database = rehearsal.bot.database
        assert await database.outbox.given_up() == {}
        for kind in (TimePoll, TimeAnswer):
            assert await database.read(lambda uow, kind=kind: uow.find(kind)) == []  # type: ignore[misc]
        posted = await database.read(lambda uow: uow.find(Posted))
        assert [p for p in posted if p.kind in (Kind.TIMES_ASKED, Kind.TIMES_BEST)] == []
        meetings = await database.read(lambda uow: uow.find(Meeting))
        asks = await database.read(lambda uow: uow.find(Ask))
        duties = await database.read(lambda uow: uow.find(Duty))
        (called,) = [m for m in meetings if m.live]
        # One duty and one ask for each service, however many times it was asked about.
        assert called.sequence == 1
        assert Counter(d.meeting_id for d in duties)[called.id] == len(EVERYBODY)
        of_meeting = [a for a in asks if a.meeting_id == called.id]
        assert [(a.answer, a.live) for a in of_meeting] == [(Answer.CONFIRMED, True)] * len(EVERYBODY)
        # Whoever had said that the time suits was not asked; child welfare was, once.
        told = {handle: _told(rehearsal.runner, handle) for handle in EVERYBODY}
        assert [handle for handle, said in told.items() if any("Kommer du på møtet" in t for t in said)] == [
            "barnevern"
        ]
        for said in told.values():
            assert sum(ASKED in text for text in said) == 1
            assert sum(ASKED_TO_MOVE in text for text in said) == 1
        assert not any(FRIDAY in text for text in told["sosialtjenesten"][:1])


def _told(runner: ExerciseRunner, handle: str) -> list[str]:
    """All messages that the bot has sent to somebody since the first meeting, as they were when they came."""
    return [
        m.text
        for m in runner.sandbox.activity
        if m.kind == "message" and m.place == "tot-bot" and handle in m.seen_by and m.time.day > 2
    ]


async def test_nobody_who_is_not_asked_learns_of_the_times(runner: ExerciseRunner) -> None:
    """Nor of who can: the room sees services, and the contact their own answers."""
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten", "UDI", "Sosialtjenesten")
    await kit.confirm(runner, "politi-exit", "barnevern")
    await kit.submit_form(runner, "koordinator", "/tot fase", room, Fase="Arbeidsfase")
    times = {"Når begynner møtet?": runner.day(9, "10:00"), "Flere tider?": runner.day(10, "10:00")}
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot møte", in_=room)
    await koordinator.fills({**times, "Sted": "Møterom Nord"})
    await runner.sends(koordinator)
    assert koordinator.modal is not None
    later = "Blir spurt når de har bekreftet taushetsplikten:"
    assert f"{later} Sosialtjenesten og UDI" in koordinator.modal.text.replace("*", "")
    await kit.send(runner, koordinator)
    await runner.person("politi-exit").presses("Med vara", in_="tot-bot", near="torsdag 10. desember")
    await runner.until_idle()
    for handle in ("barnevern", "politi-exit"):
        seen = "\n".join(m.text for m in runner.person(handle).messages(room))
        assert "torsdag 10. desember kl. 10–11: ikke nok tjenester ennå" in seen
        assert "mangler Barneverntjenesten, Sosialtjenesten og UDI" in seen
        assert "Med vara: Politiet" not in seen
    for handle in ("sosialtjenesten", "utenforstaende", "vara-koordinator", "politi-leder"):
        seen = "\n".join(m.text for m in runner.person(handle).messages("tot-bot"))
        assert "10. desember" not in seen


async def test_an_old_button_of_a_time_says_where_to_answer_now(world: World) -> None:
    runner = world.runner
    await kit.submit_form(runner, "koordinator", "/tot fase", world.room, Fase="Arbeidsfase")
    times = {"Når begynner møtet?": runner.day(9, "10:00"), "Flere tider?": runner.day(10, "10:00")}
    await kit.submit_form(runner, "koordinator", "/tot møte", world.room, **times, Sted="Møterom Nord")
    (poll,) = await world.all(TimePoll)
    value = f"{poll.id}|{int(poll.starts[0].timestamp())}"
    exit_, social = runner.person("politi-exit"), runner.person("sosialtjenesten")
    asked = kit.direct(world.sandbox, "politi-exit")[-1].source
    others = kit.direct(world.sandbox, "sosialtjenesten")[-1].source
    await runner.person("koordinator").presses("Valg", in_=world.room)
    await runner.person("koordinator").presses("Kall inn", near="torsdag 10. desember")
    await runner.until_idle()
    said = "Tidene gjelder ikke lenger. Svar i innkallingen."
    assert await pressed(world, exit_, asked, "time_suits", value) == said
    assert "Tidene gjelder" not in await pressed(world, social, others, "time_suits", value)
