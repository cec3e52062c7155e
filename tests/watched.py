"""Every line that the bot logs in any test, at DEBUG, is checked for what no log may contain.

This covers what is passed to the logger in this process, before `bot.logs` filters it, and what the bot's own
processes write. The people's ids, addresses and texts are known: they are the cast's and the tests'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sandbox.cast import CAST, WORK_MAILS

#: How a structlog line begins, as JSON or readable for people.
_LOGGED = re.compile(
    r'^(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S* +\[(?:debug|info|warning|error|critical)|\{"\w+": )'
)
#: Slack ids, tokens, addresses, canaries, and words that people write in tests.
_FORBIDDEN = re.compile(
    "|".join(
        [
            *map(re.escape, (*CAST.values(), *WORK_MAILS.values())),
            r"(?<![A-Za-z0-9])[UWCDGTVF]0[A-Z0-9]{4,}",
            r"xox[abp]-",
            r"xapp-",
            r"[Kk]anari",
            "Møterom",
            "13097248022",
            r"rom-[a-z0-9]{4}\b",
            r"<[@!#]",
        ]
    )
)


#: Codes of the cases that tests have read.
CODES: set[str] = set()


def leaks(output: str) -> list[str]:
    """Return what was logged and may not be: the kind of each finding, and its line's first word."""
    return [
        f"{found[0][:3]}… in «{line[:60].split('] ')[-1]}»"
        for line in lines_of(output)
        if (found := _FORBIDDEN.search(line) or _code_in(line)) is not None
    ]


def _code_in(line: str) -> re.Match[str] | None:
    # A code without a digit may be a word.
    codes = "|".join(code for code in CODES if re.search(r"\d", code))
    return re.search(rf"(?<![\w-])(?:{codes})(?![\w-])", line) if codes else None


def lines_of(output: str) -> Iterable[str]:
    """Return the log lines."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    return (line for line in plain.splitlines() if _LOGGED.match(line))
