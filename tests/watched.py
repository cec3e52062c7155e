"""Every line that the bot logs in any test, at DEBUG, is looked through for what may never stand in a log.

What is seen is what is handed to the logger, in this process before `bot.logs` filters it, and what the bot's
own processes write. The people's ids, addresses and texts are known: they are the cast's and the tests'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sandbox.cast import CAST, WORK_MAILS

#: How a line of structlog begins, as JSON or for a person to read.
_LOGGED = re.compile(
    r'^(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S* +\[(?:debug|info|warning|error|critical)|\{"\w+": )'
)
#: Ids of Slack's, tokens, addresses, canaries, and words that the tests have people write.
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


#: Codes of the cases that tests have looked at.
CODES: set[str] = set()


def leaks(output: str) -> list[str]:
    """What of the captured output is logged and may not be: the kind of each, and its line's first word."""
    return [
        f"{found[0][:3]}… in «{line[:60].split('] ')[-1]}»"
        for line in lines_of(output)
        if (found := _FORBIDDEN.search(line) or _code_in(line)) is not None
    ]


def _code_in(line: str) -> re.Match[str] | None:
    # Without a digit it may be a word.
    codes = "|".join(code for code in CODES if re.search(r"\d", code))
    return re.search(rf"(?<![\w-])(?:{codes})(?![\w-])", line) if codes else None


def lines_of(output: str) -> Iterable[str]:
    """The lines that are logged."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    return (line for line in plain.splitlines() if _LOGGED.match(line))
