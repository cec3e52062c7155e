"""Friday evening, played to its end: the report agrees with the story, and who knew what when."""

from __future__ import annotations

import asyncio
import base64
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copy

import pytest
from PIL import Image

from bot.cli.demo import Rehearsal, rehearse
from bot.domain.case.duty import Measure
from bot.domain.directory.entities import Team
from bot.domain.language import Language
from bot.domain.report.figures import Period, month_after
from bot.report.figures import Figures
from bot.report.picture import draw, heat_map
from bot.texts.words import words
from bot.usecases.ports import UnitOfWork
from bot.usecases.report import report_of
from sandbox.activity import Activity
from sandbox.exercises import EXERCISES
from sandbox.exercises.runner import ZONE
from sandbox.model import File
from sandbox.page.run_page import as_html
from sandbox.page.words import Words as PageWords
from tests.databases import sqlite_url
from tests.e2e import kit
from tests.e2e.drawable import all_can_be_drawn
from tests.e2e.kept_run import KeptRun

EXERCISE = EXERCISES["fredag-kveld"]
MONTH = EXERCISE.STARTS.date().replace(day=1)
M = Measure
#: What the story says of each agency; every other number is 0.
STORY: dict[str, set[Measure]] = {
    "Barnevernvakten": {M.SUMMONED, M.CONFIRMED_IN_TIME, M.PRESENT, M.ANSWERED_IN_15_MINUTES},
    "Politiet": {M.SUMMONED, M.CONFIRMED_IN_TIME, M.PRESENT, M.ANSWERED_IN_1_HOUR},
    "Sosialtjenesten": {M.SUMMONED, M.NOT_REACHED, M.NOT_ANSWERED},
    "Bistandsadvokaten": {M.SUMMONED, M.CONFIRMED_IN_TIME, M.DEPUTY_PRESENT, M.ANSWERED_IN_1_HOUR},
}
#: The same as the coordinator reads it.
SAID = {
    M.SUMMONED: "kalt inn",
    M.CONFIRMED_IN_TIME: "bekreftet i tide",
    M.PRESENT: "møtte",
    M.LATE: "kom selv, men for sent",
    M.DEPUTY_PRESENT: "vara møtte",
    M.ABSENT_WITH_NOTICE: "forfall meldt",
    M.ABSENT_WITHOUT_NOTICE: "uteble uten å si fra",
    M.NOT_REACHED: "ble ikke nådd",
    M.WRITTEN_REPORT: "skriftlig rapport",
    M.ANSWERED_IN_15_MINUTES: "svarte innen 15 min",
    M.ANSWERED_IN_1_HOUR: "svarte etter 15–60 min",
    M.ANSWERED_IN_1_DAY: "svarte etter 1–24 timer",
    M.ANSWERED_LATER: "svarte etter mer enn et døgn",
    M.NOT_ANSWERED: "svarte ikke",
    M.ACTION_DONE: "tiltak utført",
    M.ACTION_NOT_POSSIBLE: "lot seg ikke gjøre",
    M.ACTION_NOT_DONE: "ikke utført",
}
#: What each agency met of its duties, as the picture says it.
PICTURE = (
    "Varmekart: Oppmøte i TOT Bergen, desember 2026. Barnevernvakten: 100 % (1 av 1). "
    "Politiet: 100 % (1 av 1). Sosialtjenesten: 0 % (0 av 1). Bistandsadvokaten: 100 % (1 av 1)."
)
#: When each one was first shown the code of the case: the minute of taushetsplikt, and not before.
KNEW = {
    "koordinator": "04.12 18:00",
    "barnevernvakt": "04.12 18:04",
    "bistandsadvokat": "04.12 18:20",
    "politi-exit": "04.12 18:40",
    "barnevern": "07.12 08:30",
}
#: New messages to the coordinator, in direct messages and rooms.
MOST_NEW = 9


@dataclass
class Evening:
    room: str
    moments: list[Activity]
    files: list[File]
    direct: dict[str, list[str]]
    numbers: dict[str, dict[Measure, int]]
    unregistered: int
    drawn: bytes
    kept: str

    @property
    def code(self) -> str:
        return self.room.removeprefix("rom-")


def minute(moment: Activity) -> str:
    return f"{moment.time.astimezone(ZONE):%d.%m %H:%M}"


async def played(database_url: str, *, mail: bool) -> Evening:
    async with rehearse(database_url, starts=EXERCISE.STARTS, sandbox=kit.quick(), mail=mail) as rehearsal:
        await EXERCISE.play(rehearsal.runner)
        all_can_be_drawn(rehearsal.runner.sandbox.workspace)
        assert await rehearsal.bot.database.outbox.given_up() == {}
        count, fault = await rehearsal.bot.database.log.verify()
        assert (count > 5, fault) == (True, None)
        return await seen(rehearsal)


async def seen(rehearsal: Rehearsal) -> Evening:
    sandbox = rehearsal.runner.sandbox
    people = [u.handle for u in sandbox.workspace.users.values() if not u.is_bot]

    def read(uow: UnitOfWork) -> tuple[dict[str, dict[Measure, int]], int, bytes]:
        (team,) = uow.find(Team)
        report = report_of(uow, team, Period(MONTH, MONTH))
        numbers = {a.name: {m: report.number(a.id, m) for m in Measure} for a in report.agencies}
        heat = heat_map(words(Language.NB), Figures(report))
        assert heat is not None
        later = report_of(uow, team, Period(month_after(MONTH), month_after(MONTH, 11)))
        assert later.agencies == ()
        return numbers, report.unregistered, draw(heat)

    numbers, unregistered, drawn = await rehearsal.bot.database.read(read)
    return Evening(
        kit.rooms(sandbox)[0],
        list(sandbox.activity),
        list(sandbox.workspace.files.values()),
        {handle: [m.text for m in kit.direct(sandbox, handle)] for handle in people},
        numbers,
        unregistered,
        drawn,
        as_html(rehearsal.runner, EXERCISE.TITLE, PageWords("nb")),
    )


@pytest.fixture(scope="module")
def evening(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Evening:
    path = Path(copy(migrated_sqlite, tmp_path_factory.mktemp("kveld") / "tot.db"))
    return asyncio.run(played(sqlite_url(path), mail=True))


def agrees(numbers: Mapping[str, Mapping[Measure, int]]) -> None:
    """The numbers are those of the story."""
    assert {name: {m for m, n in found.items() if n} for name, found in numbers.items()} == STORY
    assert {n for found in numbers.values() for n in found.values()} == {0, 1}


def test_few_messages_ring_the_coordinators_phone(evening: Evening) -> None:
    """Every later change holds this limit, or lowers it; rooms are counted, and what is edited is not."""
    assert kit.new_messages(evening.moments)["koordinator"] <= MOST_NEW
    # Slack's line about the pinned card comes on top, to whoever is in the room by then.
    assert kit.pin_lines(evening.moments) == {"koordinator": 1}


def test_the_numbers_are_those_of_the_story(evening: Evening) -> None:
    agrees(evening.numbers)
    assert evening.unregistered == 0


@pytest.mark.slow
async def test_they_are_the_same_without_mail(play_url: str) -> None:
    agrees((await played(play_url, mail=False)).numbers)


def test_the_coordinator_reads_the_same_numbers(evening: Evening) -> None:
    (text,) = [t for t in evening.direct["koordinator"] if "*Møteplikt i TOT Bergen, desember 2026*" in t]
    told = {
        name: {label: int(n) for label, n in re.findall(r"(?:^| · )([^·\n]+?) (\d+)(?= ·|$)", lines, re.M)}
        for name, lines in re.findall(r"^\*([^*\n]+)\*\n((?:kalt inn .+\n?)(?:.+\n?){3})", text, re.M)
    }
    for name, met in STORY.items():
        assert told[name] == {SAID[m]: int(m in met) for m in Measure}, name
    totals = {SAID[m]: sum(m in met for met in STORY.values()) for m in Measure}
    assert told["Alle tjenestene"] == totals
    assert set(told) == {*STORY, "Alle tjenestene"}
    assert [totals[SAID[m]] for m in (M.SUMMONED, M.CONFIRMED_IN_TIME, M.PRESENT)] == [4, 3, 2]


def test_the_picture_has_the_same_numbers(evening: Evening) -> None:
    (picture,) = [f for f in evening.files if f.name.startswith("rapport-")]
    assert picture.alt.replace("\u00a0", " ") == PICTURE
    assert picture.content == evening.drawn, "drawn from what the database holds"
    assert Image.open(io.BytesIO(picture.content)).size[0] > 500


def test_nobody_but_the_coordinator_gets_it(evening: Evening) -> None:
    for handle, texts in evening.direct.items():
        told = [t for t in texts if "Møteplikt i TOT" in t or "rapport-" in t]
        assert len(told) == (2 if handle == "koordinator" else 0), handle


def test_the_code_comes_with_taushetsplikt_and_not_before(evening: Evening) -> None:
    first: dict[str, str] = {}
    for moment in evening.moments:
        if evening.code in f"{moment.text} {moment.place}":
            for handle in moment.seen_by:
                first.setdefault(handle, minute(moment))
    assert first == KNEW


def test_the_kept_run_shows_each_what_they_saw_and_fetches_nothing(evening: Evening) -> None:
    kept = KeptRun(evening.kept)
    assert kept.policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert kept.scripts == 0
    (sent,) = (file for file in evening.files if file.name.endswith(".png"))
    assert set(kept.sources) == {f"data:image/png;base64,{base64.b64encode(sent.content).decode()}"}
    assert evening.code in kept.sights("koordinator")
    assert evening.code in kept.sights("barnevernvakt")
    assert "Fire minutter, og de kommer." in kept.seen_by("utenforstående")
    assert kept.sights("utenforstående").split() == ["utenforstående", ":", "ingenting"]
    asked = kept.sights("sosialtjenesten")
    assert "TOT Bergen" in asked
    assert evening.code not in asked
