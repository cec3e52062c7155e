"""Runs tests to see what they reach, and with a mutant."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from subprocess import Popen
from typing import IO, Any

from tests.mutants.hook import append
from tests.mutants.plugin import SLACK
from tests.mutants.sites import ROOT, Module, Site

#: The tests of «kept» are kept verbatim. «old» is everything in no layer.
LAYERS: dict[str, tuple[str, ...]] = {
    "stories": ("tests/stories/",),
    "rules": ("tests/bot/domain/",),
    "kept": (
        *("tests/bot/calendar/", "tests/handlers/delivery/test_disclosure.py", "tests/handlers/mail/"),
        *("tests/sandbox/", "tests/e2e/test_at_rest", "tests/e2e/test_attacks", "tests/e2e/test_clock"),
        *("tests/e2e/test_duplicate_deliveries", "tests/e2e/test_floods"),
        *("tests/e2e/test_interrupted", "tests/e2e/test_killed"),
        *("tests/e2e/test_landed_late", "tests/e2e/test_late", "tests/e2e/test_left_standing"),
        *("tests/e2e/test_queue", "tests/e2e/test_waiting"),
    ),
}
#: A failure of a test that takes more seconds counts only if it passes without the mutant.
_BELIEVED = 0.5


def belongs(item: str, group: str) -> bool:
    if group == "old":
        return not any(item.startswith(paths) for paths in LAYERS.values())
    return item.startswith(LAYERS.get(group, (group,)))


def _file(item: str) -> str:
    return item.partition("::")[0]


def _digest(*files: str) -> str:
    return hashlib.sha256(b"".join((ROOT / file).read_bytes() for file in files)).hexdigest()


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    if file.exists():
        with file.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _pytest(arguments: list[str], data: Path, out: IO[bytes] | None = None, **more: str) -> Popen[bytes]:
    paths = [str(Path(__file__).with_name("children")), *filter(None, [os.environ.get("PYTHONPATH")])]
    # Hypothesis must not reuse a mutant's failing examples next time.
    more |= {"PYTHONPATH": os.pathsep.join(paths), "HYPOTHESIS_STORAGE_DIRECTORY": str(data / "hypothesis")}
    command = [sys.executable, "-m", "pytest", "-p", "tests.mutants.plugin", "-p", "no:cacheprovider", "-q"]
    return Popen([*command, *arguments], cwd=ROOT, env=os.environ | more, stdout=out, stderr=out)


def look(data: Path, modules: Mapping[str, Module], groups: list[str], jobs: int) -> None:
    """Run the test files that have changed since the last run, and record which test reaches what."""
    seen = {one["file"]: one["sha"] for one in _lines(data / "reach.jsonl") if "file" in one}
    tests = [str(file.relative_to(ROOT)) for file in sorted((ROOT / "tests").rglob("test_*.py"))]
    asked = [file for file in tests if any(belongs(file, group) for group in groups)]
    files = [file for file in asked if seen.get(file) != _digest(file)]
    if not files:
        return
    names = data / "sites.txt"
    known = names.read_text("utf-8").split() if names.exists() else []
    new = {name for module in modules.values() for name in module.statements} - set(known)
    names.write_text("\n".join([*known, *sorted(new)]), "utf-8")
    beside = ["-n", str(jobs), "--dist", "worksteal"] if jobs > 1 else []
    code = _pytest([*beside, *files], data, MUTANTS_REACH=str(data)).wait()
    if code not in (0, 1, 5):
        raise SystemExit(f"pytest ended with {code}")
    children: defaultdict[str, list[int]] = defaultdict(list)
    told = data / "children.tsv"
    for line in told.read_text("utf-8").splitlines() if told.exists() else ():
        hit, _, item = line.partition("\t")
        children[item].append(int(hit))
    with (data / "reach.jsonl").open("a", encoding="utf-8") as kept:
        kept.writelines(json.dumps({"child": item, "at": hits}) + "\n" for item, hits in children.items())
        kept.writelines(json.dumps({"file": file, "sha": _digest(file)}) + "\n" for file in files)
    for passing in (told, *data.glob("item-*")):
        passing.unlink(missing_ok=True)


class Runner:
    """Runs for a mutant the tests that reach it, in the groups' order, until one notices."""

    def __init__(
        self,
        data: Path,
        groups: list[str],
        chosen: list[Site],
        modules: Mapping[str, Module],
        jobs: int,
        *,
        again: bool,
    ) -> None:
        self._data = data
        self._groups = groups
        self._again = again
        look(data, modules, groups, jobs)
        self._seconds: dict[str, float] = {}
        self._reachers = self._reached(chosen, modules)
        self._known = results(data)
        self._bad: set[str] = set()

    def _reached(self, chosen: list[Site], modules: Mapping[str, Module]) -> dict[str, list[str]]:
        """Return for each site the tests that reach it and pass, the cheapest first.

        Import-time code is reached by every test that enters a module naming it; a function that no test
        reaches afterwards, by every test that enters its own module.
        """
        numbers = {name: i for i, name in enumerate((self._data / "sites.txt").read_text("utf-8").split())}
        within: dict[str, set[int]] = {path: set() for path in modules}
        for name, i in numbers.items():
            within.setdefault(name.partition(":")[0], set()).add(i)
        ways: dict[str, tuple[set[int], set[int]]] = {}
        for site in chosen:
            word = site.function.rpartition(":")[2].rpartition(".")[2]
            naming = (within[path] for path, module in modules.items() if word in module.source)
            first = {numbers.get(site.at, -1)} if site.at else set[int]().union(*naming)
            ways[site.name] = first, within[site.path]
        wanted = set[int]().union(*(numbers for way in ways.values() for numbers in way))
        hits: dict[str, set[int]] = defaultdict(set)
        made: dict[str, set[int]] = defaultdict(set)
        uses: dict[str, list[str]] = {}
        for one in _lines(self._data / "reach.jsonl"):
            at = wanted.intersection(one.get("at", ()))
            if "item" in one:
                hits[one["item"]], uses[one["item"]] = at, one["uses"]
                self._seconds[one["item"]] = one["seconds"] if one["passed"] else float("inf")
            elif "fixture" in one:
                made[one["fixture"]] |= at
            elif "child" in one:
                hits[one["child"]] |= at
        reaching: dict[int, set[str]] = defaultdict(set)
        passing = {item for item, seconds in self._seconds.items() if seconds < float("inf")}
        for item in (i for i in passing if (ROOT / _file(i)).exists()):
            for number in hits[item].union(*(made[name] for name in uses[item])):
                reaching[number].add(item)
        found: dict[str, list[str]] = {}
        for site in chosen:
            known, perhaps = (set[str]().union(*(reaching[n] for n in way)) for way in ways[site.name])
            if site.at is None or (not known and numbers.get(site.at) in made["import"]):
                known = known or perhaps
            found[site.name] = sorted(known, key=lambda item: self._seconds[item])
        return found

    def run(self, site: Site) -> None:
        items = [i for group in self._groups for i in self._reachers[site.name] if belongs(i, group)]
        items = list(dict.fromkeys(items))
        stamp = _digest(site.path, *sorted(set(map(_file, items))))
        known = self._known.get(site.name)
        if known is not None and known["stamp"] == stamp and not self._again:
            return
        began, by = time.monotonic(), self._by(site, items)
        took = round(time.monotonic() - began, 1)
        one = {"mutant": site.name, "stamp": stamp, "by": by, "met": len(items), "seconds": took}
        append(self._data / "results.jsonl", json.dumps(one))
        word = f"killed by {by}" if by else f"survives {len(items)} tests"
        sys.stdout.write(f"{site.name}\n    {word} ({took} s)\n")
        sys.stdout.flush()

    def _by(self, site: Site, items: list[str]) -> str | None:
        """Return the test that notices, or «import» if no test can begin."""
        while items:
            by = self._failing(site.name, items)
            if by is None or self._seconds.get(by, 0) < _BELIEVED or self._failing("", [by]) is None:
                return by
            self._bad.add(by)
            items = [item for item in items if item not in self._bad]
        return None

    def _failing(self, mutant: str, items: list[str]) -> str | None:
        """Return the first of these tests that fails or takes longer than it may."""
        plan, said = self._data / "plan.json", self._data / "said.tsv"
        within = {item: 3 * self._seconds[item] + SLACK for item in items if item not in self._bad}
        plan.write_text(json.dumps(within), "utf-8")
        said.write_text("")
        with (self._data / "log.txt").open("wb") as log:
            code = _pytest(["-x", *within], self._data, log, MUTANT=mutant, MUTANTS_PLAN=str(plan)).wait()
        if code in (0, 5):
            return None
        told = [line.split("\t") for line in said.read_text("utf-8").splitlines()]
        if told:
            return next((item for what, item in told if what == "fails"), told[-1][1])
        if mutant:
            return "import"
        raise SystemExit((self._data / "log.txt").read_text("utf-8", "replace"))


def results(data: Path) -> dict[str, dict[str, Any]]:
    """Return the latest result for each mutant."""
    return {one["mutant"]: one for one in _lines(data / "results.jsonl")}
