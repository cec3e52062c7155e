"""Tests run to see what they reach, and run with a mutant."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.mutants.hook import append
from tests.mutants.plugin import SLACK
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
#: A test that takes longer, in seconds, is believed only if it passes without the mutant.
_BELIEVED = 0.5


def belongs(item: str, group: str) -> bool:
    if group == "old":
        return not any(item.startswith(paths) for paths in LAYERS.values())
    return item.startswith(LAYERS.get(group, (group,)))


def files_of(groups: Iterable[str]) -> list[str]:
    files = [str(file.relative_to(ROOT)) for file in sorted((ROOT / "tests").rglob("test_*.py"))]
    return [file for file in files if any(belongs(file, group) for group in groups)]


def _digest(*files: str) -> str:
    return hashlib.sha256(b"".join((ROOT / file).read_bytes() for file in files)).hexdigest()


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    if file.exists():
        with file.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _pytest(arguments: list[str], data: Path, within: float | None = None, **more: str) -> tuple[int, str]:
    """Run, for at most so many seconds; return the exit code, and what was said if it was not to be seen."""
    paths = [str(Path(__file__).with_name("children")), *filter(None, [os.environ.get("PYTHONPATH")])]
    # What hypothesis finds of a mutant is nothing to begin with next time.
    more |= {"PYTHONPATH": os.pathsep.join(paths), "HYPOTHESIS_STORAGE_DIRECTORY": str(data / "hypothesis")}
    command = [sys.executable, "-m", "pytest", "-p", "tests.mutants.plugin", "-p", "no:cacheprovider", "-q"]
    with tempfile.TemporaryFile() as log:
        out = log if within else None
        done = subprocess.Popen(
            [*command, *arguments], cwd=ROOT, env=os.environ | more, stdout=out, stderr=out, process_group=0
        )
        try:
            done.wait(within)
        finally:
            if done.returncode is None:
                os.killpg(done.pid, 9)
        log.seek(0)
        return done.wait(), log.read().decode("utf-8", "replace")


def look(data: Path, modules: Mapping[str, Module], files: list[str], jobs: int) -> None:
    """Run these files, and write down who reaches what."""
    names = data / "sites.txt"
    known = names.read_text("utf-8").split() if names.exists() else []
    new = {name for module in modules.values() for name in module.statements} - set(known)
    names.write_text("\n".join([*known, *sorted(new)]), "utf-8")
    beside = ["-n", str(jobs), "--dist", "worksteal"] if jobs > 1 else []
    code, _ = _pytest([*beside, *files], data, MUTANTS_REACH=str(data))
    if code not in (0, 1, 5):
        raise SystemExit(f"pytest ended with {code}")
    children: defaultdict[str, list[int]] = defaultdict(list)
    told = data / "children.tsv"
    for line in told.read_text("utf-8").splitlines() if told.exists() else ():
        hit, _, item = line.partition("\t")
        children[item].append(int(hit))
    with (data / "reach.jsonl").open("a", encoding="utf-8") as kept:
        kept.writelines(json.dumps({"child": item, "at": hits}) + "\n" for item, hits in children.items())
    told.unlink(missing_ok=True)


class Runner:
    """Of `chosen`, which are killed by which groups of tests."""

    def __init__(
        self, data: Path, groups: list[str], chosen: list[Site], modules: Mapping[str, Module], jobs: int
    ) -> None:
        self._data = data
        self.until, self.most, self.again = float("inf"), float("inf"), False
        seen = {one["file"]: one["sha"] for one in _lines(data / "reach.jsonl") if "file" in one}
        if new := [file for file in files_of(groups) if seen.get(file) != _digest(file)]:
            look(data, modules, new, jobs)
        self._seconds: dict[str, float] = {}
        self._reachers = self._reached(chosen, modules)
        self.known = results(data)
        self._bad: set[str] = set()

    def _reached(self, chosen: list[Site], modules: Mapping[str, Module]) -> dict[str, list[str]]:
        """Return for each site the tests that reach it and pass, the cheapest first.

        What runs on import is reached by whoever comes into a module that names it. What nobody is seen to
        reach is perhaps reached, on import too, by whoever comes into its own.
        """
        numbers = {name: i for i, name in enumerate((self._data / "sites.txt").read_text("utf-8").split())}
        within: dict[str, set[int]] = {path: set() for path in modules}
        for name, i in numbers.items():
            within.setdefault(name.partition(":")[0], set()).add(i)
        ways: dict[str, list[set[int]]] = {}
        for site in chosen:
            word = site.function.rpartition(":")[2].rpartition(".")[2]
            naming = (within[path] for path, module in modules.items() if word in module.source)
            first = {numbers.get(site.at, -1)} if site.at else set[int]().union(*naming)
            ways[site.name] = [first, within[site.path]]
        wanted = set[int]().union(*(numbers for way in ways.values() for numbers in way))
        hits: dict[str, set[int]] = {}
        made: dict[str, set[int]] = {}
        uses: dict[str, list[str]] = {}
        for one in _lines(self._data / "reach.jsonl"):
            at = wanted.intersection(one.get("at", ()))
            if "item" in one:
                hits[one["item"]], uses[one["item"]] = at, one["uses"]
                self._seconds[one["item"]] = one["seconds"] if one["passed"] else float("inf")
            elif "fixture" in one:
                made.setdefault(one["fixture"], set()).update(at)
            elif "child" in one:
                hits[one["child"]] |= at
        reaching: dict[int, set[str]] = {number: set() for number in (-1, *wanted)}
        for item in (i for i, seconds in self._seconds.items() if seconds < float("inf")):
            for number in hits[item].union(*(made[name] for name in uses[item])):
                reaching[number].add(item)
        found = {
            name: next(filter(None, (set[str]().union(*(reaching[n] for n in way)) for way in both)), set())
            for name, both in ways.items()
        }
        return {name: sorted(items, key=lambda i: self._seconds[i]) for name, items in found.items()}

    def killed(self, site: Site, groups: list[str]) -> bool | None:
        """Return whether any test in these groups notices; None if there was no time to know."""
        met: set[str] = set()
        for group in groups:
            items = [item for item in self._reachers[site.name] if belongs(item, group)]
            stamp = _digest(site.path, *sorted({item.partition("::")[0] for item in items}))
            one = self.known.get((site.name, group), {"stamp": ""})
            if self.again or one["stamp"] != stamp or (one["left_out"] and not one["by"]):
                if time.monotonic() > self.until:
                    return None
                began, spent = time.monotonic(), 0.0
                left = [i for i in items if i not in met]
                within = [i for i in left if (spent := spent + self._seconds[i]) <= self.most]
                one = {"mutant": site.name, "group": group, "stamp": stamp, "by": self._by(site.name, within)}
                one |= {"met": len(within), "left_out": len(left) - len(within)}
                one["seconds"] = round(time.monotonic() - began, 1)
                append(self._data / "results.jsonl", json.dumps(one))
                self.known[site.name, group] = one
                word = (
                    f"killed by {one['by']}" if one["by"] else f"survives {one['met']} of {len(left)} tests"
                )
                sys.stdout.write(f"{site.name}\n    {group}: {word} ({one['seconds']} s)\n")
                sys.stdout.flush()
            if one["by"]:
                return True
            met.update(items)
        return False

    def _by(self, mutant: str, items: list[str]) -> str | None:
        """Return the test that notices, or «import» if no test can begin."""
        while True:
            by = self._failing(mutant, [item for item in items if item not in self._bad])
            if by is None or self._seconds.get(by, 0) < _BELIEVED or self._failing("", [by]) is None:
                return by
            self._bad.add(by)

    def _failing(self, mutant: str, items: list[str]) -> str | None:
        if not items:
            return None
        within = {item: 3 * self._seconds[item] + SLACK for item in items}
        memory = Path("/dev/shm")
        with tempfile.TemporaryDirectory(
            dir=memory if memory.is_dir() else None, prefix="mutants-"
        ) as folder:
            plan, journal = Path(folder, "plan.json"), Path(folder, "journal")
            plan.write_text(json.dumps({"within": within, "journal": str(journal)}), "utf-8")
            files = list(dict.fromkeys(item.partition("::")[0] for item in items))
            code, said = _pytest(
                ["-x", f"--basetemp={folder}/temp", *files],
                self._data,
                within=10 * SLACK + 3 * sum(self._seconds[item] for item in items),
                MUTANT=mutant,
                MUTANTS_PLAN=str(plan),
            )
            told = journal.read_text("utf-8").splitlines() if journal.exists() else []
        ended = [line.partition("\t") for line in told]
        failed = [item for what, _, item in ended if what == "failed"]
        if failed or code == 0:
            return failed[0] if failed else None
        if (mutant and "rror" in said) or told:
            return told[-1].partition("\t")[2] if told else "import"
        raise SystemExit(f"pytest ended with {code}:\n{said}")


def results(data: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the last word on each mutant and group."""
    return {(one["mutant"], one["group"]): one for one in _lines(data / "results.jsonl")}
