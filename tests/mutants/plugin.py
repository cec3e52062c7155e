"""Run by `tests.mutants`: writes down what each test reaches; or runs chosen tests, in their order."""

from __future__ import annotations

import builtins
import json
import os
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from tests.mutants import hook

#: What the running test has reached.
_hits: set[int] = set()

hook.install()
if "MUTANTS_REACH" in os.environ:
    vars(builtins)["__probe__"] = _hits.add


def pytest_configure(config: pytest.Config) -> None:
    if folder := os.environ.get("MUTANTS_REACH"):
        config.pluginmanager.register(_Reach(folder))
    if items := os.environ.get("MUTANTS_ITEMS"):
        config.pluginmanager.register(_Chosen(items))


def _forget() -> None:
    """Empty the caches of the rules: another test has filled them."""
    for rules in [module for name, module in sys.modules.items() if name.startswith("bot.domain")]:
        for clear in [getattr(value, "cache_clear", None) for value in vars(rules).values()]:
            if clear is not None:
                clear()


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
        _forget()
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
        """Count what is made for more tests than one as reached by all of them, even if a call makes it."""
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


class _Chosen:
    def __init__(self, items: str) -> None:
        self._wanted = {item: i for i, item in enumerate(Path(items).read_text("utf-8").splitlines())}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self._wanted]
        items[:] = sorted(chosen, key=lambda item: self._wanted[item.nodeid])
