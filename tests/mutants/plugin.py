"""Pytest plugin of `tests.mutants`: records what each test reaches, or runs a plan's tests in its order."""

from __future__ import annotations

import builtins
import json
import os
import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from tests.mutants import hook

#: Sites reached by the running test.
_hits: set[int] = set()
#: Seconds beyond three times a test's own duration: the machine is shared, and a shared fixture may have to
#: be made for it alone.
SLACK = 30.0

hook.install()
if "MUTANTS_REACH" in os.environ:
    vars(builtins)["__probe__"] = _hits.add


def pytest_configure(config: pytest.Config) -> None:
    if folder := os.environ.get("MUTANTS_REACH"):
        config.pluginmanager.register(_Reach(folder))
    if plan := os.environ.get("MUTANTS_PLAN"):
        config.pluginmanager.register(_Planned(Path(plan)))


class _Reach:
    def __init__(self, folder: str) -> None:
        self._into, self._item = f"{folder}/reach.jsonl", Path(folder, f"item-{os.getpid()}")
        self._seconds, self._passed = 0.0, True
        self._uses: list[str] = []

    def _told(self, **known: object) -> None:
        hook.append(self._into, json.dumps(known | {"at": sorted(_hits)}))

    @contextmanager
    def _making(self, fixture: str) -> Iterator[None]:
        before = set(_hits)
        _hits.clear()
        yield
        self._told(fixture=fixture)
        _hits.update(before)

    def pytest_collection_finish(self) -> None:
        self._told(fixture="import")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._item.write_text(item.nodeid, "utf-8")
        os.environ["MUTANTS_ITEM"] = str(self._item)
        hook.forget()
        _hits.clear()
        self._seconds, self._passed = 0.0, True
        done = yield
        seconds = round(self._seconds, 3)
        self._told(item=item.nodeid, seconds=seconds, passed=self._passed, uses=self._uses)
        return done

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        request = getattr(item, "_request", None)
        self._uses = request.fixturenames if request else []
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        """Count a shared fixture's sites as reached by all its tests, even if a call makes it."""
        if fixturedef.scope == "function":
            return (yield)
        with self._making(fixturedef.argname):
            made = yield
        if callable(made) and hasattr(made, "__code__"):

            @wraps(made)
            def called(*arguments: Any, **named: Any) -> Any:
                with self._making(fixturedef.argname):
                    return made(*arguments, **named)

            assert fixturedef.cached_result is not None
            fixturedef.cached_result = (called, *fixturedef.cached_result[1:])
            return called
        return made

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds += report.duration
        self._passed = self._passed and report.passed


class _Planned:
    """Runs a plan's tests in its order, each within its seconds; says which one begins and which fails."""

    def __init__(self, plan: Path) -> None:
        self._said = plan.with_name("said.tsv")
        self._within: dict[str, float] = json.loads(plan.read_text("utf-8"))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        order = list(self._within)
        items.sort(key=lambda item: order.index(item.nodeid))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        hook.append(self._said, f"begins\t{item.nodeid}")
        signal.signal(signal.SIGALRM, self._hangs)
        signal.setitimer(signal.ITIMER_REAL, self._within[item.nodeid], SLACK)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _hangs(self, *_: object) -> None:
        """End as by Ctrl-C, so that fixtures end what they have started; at the second alarm, at once."""
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        raise KeyboardInterrupt

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            hook.append(self._said, f"fails\t{report.nodeid}")
