"""`/tot hvem`, as people ask it: anyone, anywhere, and without a word of any case."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.demo import Rehearsal
from sandbox.content_audit import visible_texts
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import canaries, kit


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    return canaries.partners(tmp_path)


async def asked(runner: ExerciseRunner, handle: str, text: str, in_: str = "#generelt") -> str:
    seen = await runner.person(handle).types(text, in_=in_)
    assert seen is not None
    return seen.text


async def test_anyone_may_ask_who_can_what(rehearsal: Rehearsal) -> None:
    answer = await asked(rehearsal.runner, "utenforstaende", "/tot hvem")
    for shown in (
        "Politiet",
        "Vakttelefon: 55 00 00 01",
        "Nå: @politi-exit (Etterforsker, EXIT), til tir. 1. des. kl. 16:00",
        "Neste: @politi-vakt (Vakthavende), fra tir. 1. des. kl. 16:00",
        "Rettslig bistand",
        "@koordinator",
        "112",
    ):
        assert shown in answer


async def test_a_sheltering_agency_is_reached_through_the_coordinator(rehearsal: Rehearsal) -> None:
    answer = await asked(rehearsal.runner, "utenforstaende", "/tot hvem")
    part = answer[answer.index("botilbud 1") :].split("\n\n")[0]
    assert "Nås gjennom koordinatoren" in part
    assert "@botilbud" not in answer
    assert "55 00 00 07" not in answer
    assert not canaries.NOBODY_SEES.search(answer)


@pytest.mark.parametrize(
    ("typed", "there", "gone"),
    [
        ("bolig", "Sosialtjenesten", "Politiet"),
        ("UDI", "Refleksjonsperiode", "Politiet"),
        ("penger livsopphold", "Sosialtjenesten", "Helsetjenesten"),
    ],
)
async def test_words_choose(rehearsal: Rehearsal, typed: str, there: str, gone: str) -> None:
    answer = await asked(rehearsal.runner, "helse", f"/tot hvem {typed}")
    assert there in answer
    assert gone not in answer


async def test_what_is_typed_is_never_repeated(rehearsal: Rehearsal) -> None:
    answer = await asked(rehearsal.runner, "helse", "/tot hvem Kari Nordmann")
    assert "fant ingen tjeneste" in answer
    assert "Politiet" in answer
    assert "kari" not in answer.casefold()


async def test_each_in_their_own_language(runner: ExerciseRunner) -> None:
    await runner.person("helse").types("/tot språk nynorsk")
    assert "Kven kan kva" in await asked(runner, "helse", "/tot kven")
    await runner.person("helse").types("/tot språk english")
    assert "Reached through the coordinator" in await asked(runner, "helse", "/tot who")


async def test_the_same_in_a_room_and_nothing_of_the_case(rehearsal: Rehearsal) -> None:
    room = await kit.open_case(rehearsal.runner, *kit.SIX)
    answer = await asked(rehearsal.runner, "koordinator", "/tot hvem", in_=room)
    other = await asked(rehearsal.runner, "utenforstaende", "/tot hvem")
    assert sorted(answer.split()) == sorted(other.split())
    assert room.removeprefix("rom-") not in answer


async def test_a_page_to_print(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, *kit.SIX)
    outsider = runner.person("utenforstaende")
    await outsider.types("/tot hvem")
    await outsider.presses("Side til utskrift", in_="#generelt")
    await runner.until_idle()
    files = [f for f in runner.sandbox.workspace.files.values() if f.name.startswith("hvem-")]
    assert [f.name.rpartition(".")[2] for f in files] == ["html"]
    page = files[0].content.decode()
    assert page.startswith("<!DOCTYPE html>")
    for shown in ("Politiet", "55 00 00 01", "Etterforsker, EXIT", "tirsdag 1. desember 2026", "botilbud 1"):
        assert shown in page
    code = room.removeprefix("rom-")
    assert not [hidden for hidden in ("U0POLITIEXIT", "55 00 00 07", "exit@", code) if hidden in page]
    assert not canaries.NOBODY_SEES.search(page)
    readers = {
        h
        for hold in visible_texts(runner.sandbox.workspace)
        if files[0].id in hold.place
        for h in hold.audience
    }
    assert readers == {"utenforstaende", "tot-bot"}


async def test_one_page_a_day_and_the_older_one_goes(runner: ExerciseRunner) -> None:
    for days in (0, 0, 1):
        await runner.later(days=days)
        await runner.person("helse").types("/tot hvem utskrift")
        await runner.until_idle()
    pages = [f for f in runner.sandbox.workspace.files.values() if f.name.startswith("hvem-")]
    assert [f.deleted for f in pages] == [True, False]
