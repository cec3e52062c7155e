"""The town of a story, from the beginning in its mark."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, nullcontext
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bot.cli.demo import PARTNERS, rehearse
from tests.forks import reader_forked
from tests.handlers.intruders import before_each_act
from tests.stories import Beginning, told
from tests.stories.judges import judge
from tests.stories.standing import Standing, left
from tests.stories.town import STARTS, Town, quick


@pytest.fixture
async def town(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Town]:
    """Yield the town, with everything delivered; judge it afterwards."""
    mark = request.node.get_closest_marker("story")
    assert mark is not None, "a story says by @story where it begins"
    how: Mapping[str, Any] = mark.kwargs
    begins = how["begins"]
    if _plainly(mark) and _many_begin_so(tuple(request.session.items))[begins] > 1:
        standing = await played(request, begins)
        standing.copy_to(tmp_path)
        url, furnish, starts = f"sqlite:///{tmp_path / 'tot.db'}", standing.furnish, standing.at
    else:
        url, furnish, starts = request.getfixturevalue(f"{how['database']}_database_url"), None, STARTS
    partners = tmp_path / "partners.toml" if how["partners"] else PARTNERS
    if how["partners"]:
        partners.write_text(how["partners"](PARTNERS.read_text("utf-8")), "utf-8")
    async with AsyncExitStack() as stack:
        stack.enter_context(reader_forked())
        rehearsal = await stack.enter_async_context(
            rehearse(
                url, starts=starts, sandbox=quick(), partners=partners, mail=how["mail"], furnish=furnish
            )
        )
        town = Town(rehearsal)
        told.listen(town)
        await town.rest()
        if furnish is None:
            await _begin(town, begins)
        town.starts_here(begins.confirmed)
        # In a random play it is not known who may do what.
        random = "seed" in request.fixturenames
        async with nullcontext() if random else before_each_act(town, url):
            yield town
            await judge(town)
        told.note(request.config, town)


def _plainly(mark: pytest.Mark) -> bool:
    return mark.kwargs["database"] == "sqlite" and not mark.kwargs["mail"] and not mark.kwargs["partners"]


@cache
def _many_begin_so(items: tuple[pytest.Item, ...]) -> Counter[Beginning]:
    """Count this run's stories for each beginning; a beginning used once is played in place."""
    marks = (mark for item in items if (mark := item.get_closest_marker("story")) is not None)
    return Counter(mark.kwargs["begins"] for mark in marks if _plainly(mark))


async def _begin(town: Town, begins: Beginning) -> None:
    if begins.agencies:
        await town.opens_case(*begins.agencies, when=begins.when, **dict(begins.fields))
    for person in town.people(begins.confirmed):
        await person.confirms()
    for person in town.people(begins.answered):
        await person.presses("Jeg kommer", in_="tot-bot")
    if begins.at:
        await town.until(begins.at)


async def played(request: pytest.FixtureRequest, begins: Beginning) -> Standing:
    """Return the beginning as played once, by this or another worker of this run."""
    factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "beginnings"
    shared.mkdir(exist_ok=True)
    name = sha256(repr(begins).encode()).hexdigest()[:16]
    kept = shared / f"{name}.pickle"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            folder = shared / name
            folder.mkdir()
            shutil.copy(request.getfixturevalue("migrated_sqlite"), folder / "tot.db")
            async with rehearse(
                f"sqlite:///{folder / 'tot.db'}", starts=STARTS, sandbox=quick()
            ) as rehearsal:
                town = Town(rehearsal)
                told.listen(town)
                await town.rest()
                await _begin(town, begins)
                told.note(request.config, town)
                workspace, at = left(rehearsal.runner.sandbox), town.now
            kept.write_bytes(pickle.dumps(Standing(folder, workspace, at)))
        standing: Standing = pickle.loads(kept.read_bytes())  # noqa: S301
        return standing
