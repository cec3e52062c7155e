"""`python -m tests.mutants`; see the package."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.mutants.runs import LAYERS, Runner, belongs, look, results
from tests.mutants.sites import Site, modules, picked

_EQUAL = Path(__file__).with_name("equal.txt").read_text("utf-8").splitlines()
EQUAL = {name: f"\n    equal: {why}" for name, _, why in (line.partition(" ") for line in _EQUAL)}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser("python -m tests.mutants")
    parser.add_argument("do", choices=["list", "reach", "run", "table"])
    parser.add_argument("groups", nargs="*", help=f"paths of tests, or of {', '.join((*LAYERS, 'old'))}")
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir(), "mutants"))
    parser.add_argument("--of", nargs="+", default=[], help="paths of the product")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--again", action="store_true")
    told = parser.parse_args(arguments)
    data, groups = told.data, told.groups or [*LAYERS, "old"]
    data.mkdir(parents=True, exist_ok=True)
    product = modules()
    sites = [site for module in product.values() for site in module.sites.values()]
    chosen = picked(sites, told.seed, told.of, told.count)
    if told.do == "list":
        say(*(site.shown() + EQUAL.get(site.name, "") for site in chosen))
    elif told.do == "reach":
        look(data, product, groups, told.jobs)
    elif told.do == "table":
        table(chosen, results(data), groups)
    else:
        chosen = [site for site in chosen if site.name not in EQUAL]
        runner = Runner(data, groups, chosen, product, told.jobs, again=told.again)
        for site in chosen:
            runner.run(site)


def say(*lines: object) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def table(chosen: list[Site], known: dict[str, dict[str, Any]], groups: list[str]) -> None:
    """Print, by stratum, which group has noticed; and what survives, or is unknown."""
    columns = [*groups, "survived", "not known", "equal"]
    counts: Counter[tuple[str, str]] = Counter()
    left: list[str] = []
    for site in chosen:
        one = known.get(site.name)
        column = "not known" if one is None else "survived"
        if one and one["by"]:
            column = next((group for group in groups if belongs(one["by"], group)), groups[-1])
        elif site.name in EQUAL:
            column = "equal"
        else:
            left.append(f"{site.shown()}\n    {column}: {one['met'] if one else 0} tests reach it")
        counts.update(((site.stratum, column), ("all", column)))
    say(f"| | {' | '.join(columns)} |", "| --- |" + " --- |" * len(columns))
    for row in [*dict.fromkeys(site.stratum for site in chosen), "all"]:
        say(f"| {row} | {' | '.join(str(counts[row, column]) for column in columns)} |")
    say("", *left)


if __name__ == "__main__":
    main()
