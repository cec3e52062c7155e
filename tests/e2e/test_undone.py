"""A case that was opened by mistake: gone within a minute, and whoever was asked reads that."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.cli.demo import Rehearsal
from bot.domain.case.entities import Case
from bot.domain.notifications import Kind
from bot.domain.report.figures import Period
from bot.usecases.ports import Posted, UnitOfWork
from bot.usecases.report import report_of, year_report_of
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit
from tests.e2e.test_left_standing import has_key
from tests.handlers.mail.kit import playing, words_of

UNDO = "Åpnet ved en feil: slett nå"
WITHDRAWN = "*Forespørselen du fikk fra TOT Bergen tir. 1. des. kl. 09:00, er trukket tilbake.*"
GONE = "En sak i TOT Bergen var åpnet ved en feil, og er slettet"


async def undo(runner: ExerciseRunner, room: str) -> str:
    """The coordinator deletes the case from «Valg»; what the form says."""
    koordinator = runner.person("koordinator")
    await koordinator.presses("Valg", in_=room)
    await koordinator.sees_modal()
    await koordinator.presses("Flere valg", in_="modal")
    await koordinator.presses(UNDO, in_="modal")
    form = await koordinator.sees_modal("Slett saken nå")
    said = form.text
    await runner.sends(koordinator)
    await runner.later(minutes=1)
    return said


async def test_everything_is_gone_within_a_minute_and_everybody_is_told(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten", "UDI")
    await kit.confirm(runner, "politi-exit")
    channel = sandbox.workspace.channel_named(room)
    assert channel is not None
    said = await undo(runner, room)
    assert "De får ingen melding av meg i Slack:* UDI (55 00 00 06)." in said
    assert "@politi-exit" in said
    assert channel.archived
    assert kit.people_in(sandbox, channel.id) == set()
    assert not any(message.by_bot for message in channel.messages.values())
    code = room.removeprefix("rom-")
    for handle in ("politi-exit", "barnevern"):
        (told,) = kit.direct(sandbox, handle)
        assert WITHDRAWN in told.text
        assert "plikt til å føre" in told.text
        assert "Journalført hos oss" not in told.text
        assert code not in told.text
    assert [m.text for m in kit.direct(sandbox, "vara-koordinator") if GONE in m.text]
    assert not any(
        code in m.text for h in ("koordinator", "vara-koordinator") for m in kit.direct(sandbox, h)
    )
    (case,) = await rehearsal.bot.database.read(lambda uow: uow.find(Case))
    assert case.purged_at is not None
    assert not has_key(tmp_path, f"case/{case.id}")


async def test_it_is_in_no_report_and_what_is_told_goes_after_two_weeks(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    await undo(runner, await kit.open_case(runner, "Politiet"))

    def numbers(uow: UnitOfWork) -> list[int]:
        (team,) = uow.teams()
        year = year_report_of(uow, team, 2026).years[2026]
        duty = report_of(uow, team, Period(date(2026, 12, 1), date(2026, 12, 1)))
        parts = (number for split in year.splits.values() for number in split.values())
        return [*year.figures.values(), *parts, *duty.numbers.values()]

    assert not any(await rehearsal.bot.database.read(numbers))
    assert len(kit.direct(runner.sandbox, "politi-exit")) == 1
    runner.sandbox.clock.move_to(runner.day(15))
    await rehearsal.bot.scheduler.tidy()
    await runner.until_idle()
    assert kit.direct(runner.sandbox, "politi-exit") == []
    assert await rehearsal.bot.database.read(lambda uow: uow.find(Posted, kind=Kind.UNDONE)) == []


async def test_a_calendar_is_told_by_mail_before_the_address_goes(sqlite_database_url: str) -> None:
    async with playing(sqlite_database_url) as (_, runner, post):
        room = await kit.open_case(runner, "Politiet", "Helsetjenesten")
        await kit.confirm(runner, "helse")
        await undo(runner, room)
        assert [word[1] for word in words_of(post.sent)] == ["REQUEST", "CANCEL"]


async def test_it_is_not_offered_once_the_meeting_has_begun_or_an_action_is_agreed(
    runner: ExerciseRunner,
) -> None:
    koordinator = runner.person("koordinator")

    async def offered(room: str) -> bool:
        await koordinator.presses("Valg", in_=room)
        await koordinator.presses("Flere valg", in_="modal")
        await koordinator.sees("Avslutt saken", in_="modal")
        assert koordinator.modal is not None
        said = koordinator.modal.text
        await koordinator.closes(whole_stack=True)
        return UNDO in said

    room = await kit.open_case(runner, "Politiet", when="i dag kl 12")
    await kit.confirm(runner, "politi-exit")
    assert await offered(room)
    await kit.submit_form(runner, "koordinator", "/tot tiltak", room, Hva="ringe skolen")
    assert not await offered(room)
    room = await kit.open_case(runner, "Politiet", when="i dag kl 12")
    assert await offered(room)
    await runner.until(runner.day(0, "12:01"))
    assert not await offered(room)
