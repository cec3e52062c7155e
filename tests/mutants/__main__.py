"""`python -m tests.mutants`; see the package."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import time
from pathlib import Path
from subprocess import PIPE, Popen, TimeoutExpired

from tests.mutants.sites import ROOT, Site, picked

_EQUAL = Path(__file__).with_name("equal.txt").read_text("utf-8").splitlines()
EQUAL = {name: f"\n    equal: {why}" for name, _, why in (line.partition(" ") for line in _EQUAL)}
#: Seconds beyond three times what the tests take without a mutant: the machine is shared.
SLACK = 30.0


def main() -> None:
    parser = argparse.ArgumentParser("python -m tests.mutants")
    parser.add_argument("do", choices=["list", "run"])
    parser.add_argument("--of", nargs="+", required=True, help="paths of the product")
    parser.add_argument("--count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tests", default="tests", help="arguments of pytest, as one word")
    told = parser.parse_args()
    chosen, tests = picked(told.of, told.seed, told.count), told.tests.split()
    if told.do == "list":
        say(*(site.shown() + EQUAL.get(site.name, "") for site in chosen))
        return
    began = time.monotonic()
    if failing := noticed_by(None, tests, None):
        parser.exit(1, f"without any mutant: {failing}\n")
    within = 3 * (time.monotonic() - began) + SLACK
    for site in (site for site in chosen if site.name not in EQUAL):
        by = noticed_by(site, tests, within)
        say(f"{site.name}\n    {f'killed by {by}' if by else 'survives'}")


def noticed_by(site: Site | None, tests: list[str], within: float | None) -> str | None:
    """Run the tests with the mutant; return the first that fails, what else ended them, or nothing."""
    paths = filter(None, [str(Path(__file__).with_name("children")), os.environ.get("PYTHONPATH")])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "MUTANT": site.name if site else ""}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-x", *tests]
    with Popen(command, cwd=ROOT, env=environment, stdout=PIPE, text=True, start_new_session=True) as run:
        try:
            out, _ = run.communicate(timeout=within)
        except TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            return "its time"
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", out, re.M)
    return failed[1] if failed else None if run.returncode == 0 else f"exit code {run.returncode}"


def say(*lines: object) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
