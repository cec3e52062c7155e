"""Tests run to see what they reach, and run with a mutant."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from typing import IO, Any

from tests.mutants.hook import append
from tests.mutants.sites import ROOT, Module, Site

#: What is kept is kept word for word. «old» is what is in none.
LAYERS: dict[str, tuple[str, ...]] = {
    "stories": ("tests/stories/",),
    "rules": ("tests/bot/domain/",),
    "kept": (
        *("tests/bot/calendar/", "tests/handlers/delivery/test_disclosure.py", "tests/handlers/mail/"),
        *("tests/sandbox/", "tests/e2e/test_at_rest", "tests/e2e/test_attacks", "tests/e2e/test_clock"),
        *("tests/e2e/test_duplicate_deliveries", "tests/e2e/test_floods", "tests/e2e/test_gone"),
        *("tests/e2e/test_in_flight", "tests/e2e/test_interrupted", "tests/e2e/test_killed"),
        *("tests/e2e/test_landed_late", "tests/e2e/test_late", "tests/e2e/test_left_standing"),
        *("tests/e2e/test_purge_beside_rooms", "tests/e2e/test_queue", "tests/e2e/test_refused_deletions"),
        *("tests/e2e/test_room_attacked", "tests/e2e/test_waiting"),
    ),
}
#: Seconds beyond three times as long as tests take by themselves: the machine is shared.
SLACK = 120.0
#: A test that takes longer, in seconds, is believed only if it passes without the mutant.
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
    # What hypothesis finds of a mutant is nothing to begin with next time.
    more |= {"PYTHONPATH": os.pathsep.join(paths), "HYPOTHESIS_STORAGE_DIRECTORY": str(data / "hypothesis")}
    command = [sys.executable, "-m", "pytest", "-p", "tests.mutants.plugin", "-p", "no:cacheprovider", "-q"]
    return Popen([*command, *arguments], cwd=ROOT, env=os.environ | more, stdout=out, stderr=out)


def look(data: Path, modules: Mapping[str, Module], groups: list[str], jobs: int) -> None:
    """Run the test files that are not as they were when last looked at, and write down who reaches what."""
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
    """Of `chosen`, which are killed by which groups of tests."""

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
        self._again = again
        look(data, modules, groups, jobs)
        self._seconds: dict[str, float] = {}
        self._reachers = self._reached(chosen, modules)
        self.known = results(data)
        #: Tests that fail by themselves.
        self._bad: set[str] = set()

    def _reached(self, chosen: list[Site], modules: Mapping[str, Module]) -> dict[str, list[str]]:
        """Return for each site the tests that reach it and pass, the cheapest first.

        What runs on import is reached by whoever comes into a module that names it; a function that nobody
        reaches after that, by whoever comes into its own.
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
        for item in (i for i, seconds in self._seconds.items() if seconds < float("inf")):
            for number in hits[item].union(*(made[name] for name in uses[item])):
                reaching[number].add(item)
        found: dict[str, list[str]] = {}
        for site in chosen:
            known, perhaps = (set[str]().union(*(reaching[n] for n in way)) for way in ways[site.name])
            if site.at is None or (not known and numbers.get(site.at) in made["import"]):
                known = known or perhaps
            found[site.name] = sorted(known, key=lambda item: self._seconds[item])
        return found

    def killed(self, site: Site, groups: list[str]) -> bool:
        """Return whether any test in these groups notices."""
        met: set[str] = set()
        for group in groups:
            items = [item for item in self._reachers[site.name] if belongs(item, group)]
            stamp = _digest(site.path, *sorted(set(map(_file, items))))
            one = self.known.get((site.name, group))
            if one is None or self._again or one["stamp"] != stamp:
                began, left = time.monotonic(), [item for item in items if item not in met]
                one = {"mutant": site.name, "group": group, "stamp": stamp, "by": self._by(site, left)}
                one |= {"met": len(left), "seconds": round(time.monotonic() - began, 1)}
                append(self._data / "results.jsonl", json.dumps(one))
                self.known[site.name, group] = one
                word = f"killed by {one['by']}" if one["by"] else f"survives {one['met']} tests"
                sys.stdout.write(f"{site.name}\n    {group}: {word} ({one['seconds']} s)\n")
                sys.stdout.flush()
            if one["by"]:
                return True
            met.update(items)
        return False

    def _by(self, site: Site, items: list[str]) -> str | None:
        """Return the test that notices; one that fails without the mutant too is no witness."""
        while items := [item for item in items if item not in self._bad]:
            by = self._failing(items, site.name)
            if by is None or self._seconds.get(by, 0) < _BELIEVED or self._failing([by], "") is None:
                return by
            self._bad.add(by)
        return None

    def _failing(self, items: list[str], mutant: str) -> str | None:
        """Return the first of these tests that fails; «import» if none can begin, «time» if they hang."""
        chosen, log = self._data / "items.txt", self._data / "log.txt"
        chosen.write_text("\n".join(items), "utf-8")
        files = list(dict.fromkeys(map(_file, items)))
        with log.open("wb") as out:
            asked = ["-x", "-rfE", "--tb=no", *files]
            process = _pytest(asked, self._data, out, MUTANT=mutant, MUTANTS_ITEMS=str(chosen))
            try:
                code = process.wait(SLACK + 3 * sum(self._seconds[item] for item in items))
            except TimeoutExpired:
                # As from the keyboard, so that fixtures end what they have started.
                process.send_signal(signal.SIGINT)
                with suppress(TimeoutExpired):
                    process.wait(SLACK)
                process.kill()
                return "time"
        found = re.search(r"^(?:FAILED|ERROR) (\S+::.*?)(?: - |$)", log.read_text("utf-8", "replace"), re.M)
        return None if code in (0, 5) else found[1] if found else "import"


def results(data: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the last word on each mutant and group."""
    return {(one["mutant"], one["group"]): one for one in _lines(data / "results.jsonl")}
