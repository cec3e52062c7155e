"""Talking to the operator: plain lines, progress and questions only where there is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import typer
from rich.console import Console


def out() -> Console:
    """Standard output; lines are not broken, so that they can be searched for."""
    return Console(soft_wrap=True, highlight=False)


def say(text: str, style: str | None = None) -> None:
    """One line on standard output."""
    out().print(text, style=style, markup=False)


def warn(text: str) -> None:
    """One line on standard error that does not stop anything."""
    Console(stderr=True, soft_wrap=True, highlight=False).print(text, markup=False, style="yellow")


def fail(*lines: str) -> typer.Exit:
    """What to raise to leave with 1, after these lines on standard error."""
    for line in lines:
        Console(stderr=True, soft_wrap=True, highlight=False).print(line, markup=False)
    return typer.Exit(1)


def is_terminal() -> bool:
    """Whether somebody is there to see progress and to answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def agree(question: str, *, yes: bool) -> None:
    """Ask, unless `yes`. Raises typer.Exit(1) when the answer is no, or nobody is there to give one."""
    if yes:
        return
    if not is_terminal():
        raise fail("nothing has been changed: no terminal to ask at, and no --yes")
    if not typer.confirm(question):
        raise fail("nothing has been changed")


def listed(lines: Iterable[str]) -> None:
    """Lines on standard output."""
    for line in lines:
        say(line)
