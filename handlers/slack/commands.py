"""The handler of `/tot`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from handlers.slack.declarations import Subjects
from handlers.slack.requests import CommandRequest
from handlers.slack.vocabulary import split

COMMAND = "/tot"


def tot(subjects: Subjects) -> Callable[[CommandRequest], Awaitable[None]]:
    """Return the handler of `/tot` with any word or none. It never repeats what was typed."""

    async def answer(request: CommandRequest) -> None:
        first, rest = split(request.rest)
        if not first:
            await subjects.without_word(request)
            return
        command = subjects.find(first)
        if command is None:
            near = [f"`{COMMAND} {c.shown(request.words)}`" for c in subjects.nearest(first)]
            key = "command.unknown-near" if near else "command.unknown"
            await request.answer(request.words(key, near=request.words.either(near)))
            return
        request.rest = rest
        await command.run(request)

    return answer
