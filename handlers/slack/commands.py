"""The one listener of `/tot`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from handlers.slack.declarations import Subjects
from handlers.slack.requests import CommandRequest
from handlers.slack.vocabulary import split

COMMAND = "/tot"


def tot(subjects: Subjects) -> Callable[[CommandRequest], Awaitable[None]]:
    """Return what answers `/tot`, whatever follows it. What was typed is never repeated."""

    async def answer(request: CommandRequest) -> None:
        first, rest = split(request.rest)
        if not first:
            await subjects.without_word(request)
            return
        command = subjects.vocabulary.find(first)
        if command is None:
            near = [f"`{COMMAND} {c.shown(request.words)}`" for c in subjects.vocabulary.nearest(first)]
            key = "command.unknown-near" if near else "command.unknown"
            await request.answer(request.words(key, near=", ".join(near)) if near else request.words(key))
            return
        request.rest = rest
        await command.run(request)

    return answer
