"""The operator's console: output, one-line failures, prompts and private files."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from bot.domain.errors import TotError
from storage.partial import partial_file


def say(*lines: str, colour: str | None = None) -> None:
    for line in lines:
        typer.secho(line, fg=colour)


def warn(text: str) -> None:
    typer.secho(text, fg="yellow", err=True)


#: Exit codes besides 1: something for tomorrow; settings that no retry can fix (sysexits(3): EX_CONFIG).
ATTENTION, FORBIDDEN = 3, 78


def fail(*lines: str, code: int = 1) -> typer.Exit:
    """Print these lines on standard error, and return an exception to raise, which exits with this code."""
    for line in lines:
        typer.echo(line, err=True)
    return typer.Exit(code)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Have a new file written inside the block: if it exists or cannot be written, say so and exit with 1."""
    try:
        if path.exists():
            raise FileExistsError
        yield
    except FileExistsError:
        raise fail(f"{path} exists: nothing has been written") from None
    except OSError as error:
        raise fail(f"{path} cannot be written: {error.strerror}") from None


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read, whole or not at all; «-» is standard output."""
    if str(path) == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    with writing(path), partial_file(path, "part") as part:
        part.write_bytes(content)
        part.replace(path)


def counted(number: int, what: str) -> str:
    """Return «1 row», «2 rows»."""
    return f"{number} {what}{'s' * (number != 1)}"


def agree(question: str, *, yes: bool) -> None:
    """Ask, unless `yes`. Raise typer.Exit(1) if the answer is no, or there is no terminal to ask at."""
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise fail("nothing has been changed: there is no terminal to ask at, and no --yes")
    if not typer.confirm(question):
        raise fail("nothing has been changed")


_DISK, _LOCK = "is its disk full, or read-only?", "another program holds it: stop that one, or try again"
#: What a database's message leaves out.
_MORE = {
    "disk I/O error": _DISK,
    "database or disk is full": _DISK,
    "database is locked": _LOCK,
    "canceling statement due to lock timeout": _LOCK,
}


def in_one_line(error: Exception) -> str | None:
    """Return an error as one line for the operator, or None. It has no value of a setting and no content."""
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, TotError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or 'a file'}: {error.strerror or type(error).__name__}"
    if not isinstance(error, DBAPIError):
        return None
    # The driver's own first line: «unable to open database file», «connection refused».
    first = (str(error.orig).strip().splitlines() or ["no reason given"])[0]
    if first in _MORE:
        first += f": {_MORE[first]}"
    # The key store is a database too; its errors carry a note that names it.
    which = next(iter(getattr(error, "__notes__", ())), "the database")
    return f"{which} does not work: {first}"
