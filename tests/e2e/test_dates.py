"""A placement over six moved months: every reminder that the plan promises, and none else."""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.cli.demo import rehearse
from bot.domain.worktime import add_working_days
from sandbox.exercises import EXERCISES
from sandbox.exercises.runner import ZONE, ExerciseRunner
from tests.e2e import kit
from tests.e2e.drawable import all_can_be_drawn

EXERCISE = EXERCISES["plassering"]
LASTS = "Plasseringen av A i sak KODE varer til mandag 24. mai:"
LASTED = "Plasseringen av A i sak KODE varte til mandag 24. mai:"

#: All that the bot writes to the coordinator from the beginning of the working phase on.
TOLD = [
    f"Wed 24.03.27 08:00 {LASTS} om 61 dager.",
    "Wed 24.03.27 08:30 Ring disse: sak KODE, møtet tirsdag 30. mars kl. 9",
    "Tue 30.03.27 08:00 Møtet i sak KODE begynner kl. 9",
    "Tue 30.03.27 10:00 Hvem kom til møtet i sak KODE?",
    "Wed 31.03.27 09:00 Referat fra møtet i sak KODE",
    f"Mon 26.04.27 08:00 {LASTS} om 28 dager.",
    "Mon 26.04.27 08:30 Ring disse: sak KODE, møtet tirsdag 27. april kl. 9",
    "Tue 27.04.27 08:00 Møtet i sak KODE begynner kl. 9",
    "Tue 27.04.27 10:00 Hvem kom til møtet i sak KODE?",
    "Mon 03.05.27 09:00 Referat fra møtet i sak KODE",
    f"Mon 10.05.27 08:00 {LASTS} om 14 dager.",
    "Mon 10.05.27 08:30 Ring disse: sak KODE, møtet tirsdag 11. mai kl. 9",
    "Tue 11.05.27 08:00 Møtet i sak KODE begynner kl. 9",
    "Tue 11.05.27 10:00 Hvem kom til møtet i sak KODE?",
    "Mon 17.05.27 09:00 Referat fra møtet i sak KODE",
    f"Fri 21.05.27 08:00 {LASTS} om 3 dager.",
    f"Mon 24.05.27 08:00 {LASTS} det er i dag.",
    f"Tue 25.05.27 08:00 {LASTED} det var i går.",
    f"Wed 26.05.27 08:00 {LASTED} det er 2 dager siden.",
    "Wed 26.05.27 09:00 Plasseringen av A i sak KODE er avsluttet. Disse leser ikke saksrommet, og må få "
    "vite det av deg: UDI.",
    "Wed 02.06.27 09:00 Sak KODE er avsluttet. Disse leser ikke saksrommet, og må få vite det av deg: UDI.",
]

#: The case's code, after the word.
_CODE = re.compile(r"(?<=[Ss]ak )[a-z0-9]{4}\b")


def told(runner: ExerciseRunner, handle: str, since: str) -> list[str]:
    """The bot's messages to somebody from this moment on: the day, the hour, the first line."""
    return [
        f"{m.time.astimezone(ZONE):%a %d.%m.%y %H:%M} {_CODE.sub('KODE', first(m.text))}"
        for m in runner.sandbox.activity
        if m.kind == "message"
        and m.place == "tot-bot"
        and handle in m.seen_by
        and f"{m.time:%Y-%m-%d}" >= since
    ]


def first(text: str) -> str:
    return text.splitlines()[0].replace("*", "")


async def test_every_reminder_comes_in_its_place_and_none_else(play_url: str) -> None:
    async with rehearse(play_url, starts=EXERCISE.STARTS, sandbox=kit.quick()) as rehearsal:
        await EXERCISE.play(rehearsal.runner)
        all_can_be_drawn(rehearsal.runner.sandbox.workspace)
        assert told(rehearsal.runner, "koordinator", "2026-12-05") == TOLD
        others = "\n".join(told(rehearsal.runner, "barnevern", "2026-12-02"))
        assert "Plasseringen av" not in others


async def test_the_end_is_told_of_every_week_for_as_long_as_nobody_ends_it(runner: ExerciseRunner) -> None:
    """Of a short placement that nobody thinks of for a year: no week without a word, and none too many."""
    koordinator = runner.person("koordinator")
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten", "UDI")
    await koordinator.types("/tot frist", in_=room)
    await koordinator.fills({"Hva gjelder det?": "Ny plassering"})
    await runner.sends(koordinator)
    await koordinator.fills({"Fra": date(2026, 12, 2), "Til": ENDS})
    await runner.sends(koordinator)
    await runner.sends(koordinator)
    await kit.submit_form(runner, "koordinator", "/tot fase", room, Fase="Arbeidsfase")
    await runner.until(datetime(2027, 12, 1, 9, tzinfo=ZONE))
    about = re.compile("Plasseringen av A i sak KODE var(er|te) til")
    mornings = [line[:18] for line in told(runner, "koordinator", "2026-12-02") if about.search(line)]
    assert mornings == [f"{day:%a %d.%m.%y} 08:00" for day in promised(date(2027, 12, 1))]
    await koordinator.presses("Hva kommer etterpå?", in_="tot-bot")
    await koordinator.fills({"Hva kommer etterpå?": "Nytt tiltak er på plass"})
    await runner.sends(koordinator)
    await runner.later(days=15)
    assert not any(about.search(line) for line in told(runner, "koordinator", "2027-12-02"))


#: A Wednesday.
ENDS = date(2026, 12, 9)


def promised(last: date) -> list[date]:
    """The working day before the end, the end, every working day of two weeks, then each fifth."""
    days = [add_working_days(ENDS, n) for n in (-1, *range(1, 11), *range(15, 1000, 5))]
    return sorted(day for day in (ENDS, *days) if day <= last)


async def test_an_agencys_own_deadline_is_seen_by_nobody_else(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit", "barnevern")
    exit_ = runner.person("politi-exit")
    await exit_.types("/tot frist", in_=room)
    await runner.sends(exit_)
    await exit_.fills({"Hva er fristen for?": "begjære tvangsmulkt", "Frist": date(2026, 12, 4)})
    await runner.sends(exit_)
    assert exit_.modal is not None
    assert "fredag 4. desember" in exit_.modal.text
    await exit_.closes()
    await runner.until(runner.day(2, "08:01"))
    await exit_.sees("begjære tvangsmulkt", in_="tot-bot")
    seen = {h for m in runner.sandbox.activity if "tvangsmulkt" in m.text for h in m.seen_by}
    assert seen <= {"politi-exit", "tot-bot"}
    await exit_.presses("Ferdig", in_="tot-bot")
    await runner.until_idle()
    assert not any("tvangsmulkt" in m.text for m in exit_.messages("tot-bot"))
