"""The first case, played once from beginning to end, with a record of what each person sees."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.cli.demo import Rehearsal, rehearse
from sandbox.activity import Activity
from sandbox.exercises import EXERCISES
from sandbox.exercises.runner import ZONE, Chapter
from sandbox.model import Call, File
from tests.e2e import kit
from tests.e2e.drawable import all_can_be_drawn

EXERCISE = EXERCISES["forste-sak"]


@dataclass
class ChapterEnd:
    """The state at the end of a chapter."""

    title: str
    members: set[str]
    seen: dict[str, list[str]]


@dataclass
class Played:
    """The record of a play; its `end` is kept as everybody saw it."""

    chapters: list[ChapterEnd] = field(default_factory=list)
    moments: list[Activity] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    archived: bool = False
    left_in_room: list[str] = field(default_factory=list)
    end: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


def play(database_url: str, *, deliver_twice: bool = False) -> Played:
    """Play it; with `deliver_twice` Slack sends everything twice, at the same time."""
    return asyncio.run(_play(database_url, deliver_twice))


async def _play(database_url: str, deliver_twice: bool) -> Played:
    played = Played()
    async with rehearse(database_url, starts=EXERCISE.STARTS, sandbox=kit.quick()) as rehearsal:
        runner = rehearsal.runner
        runner.sandbox.workspace.deliver_twice = deliver_twice
        open_chapter: list[str] = []

        def on_chapter(chapter: Chapter) -> None:
            if open_chapter:
                played.chapters.append(_end_of(open_chapter.pop(), rehearsal))
            open_chapter.append(chapter.title)

        runner.on_chapter(on_chapter)
        await EXERCISE.play(runner)
        played.chapters.append(_end_of(open_chapter.pop(), rehearsal))
        workspace = runner.sandbox.workspace
        all_can_be_drawn(workspace)
        played.moments = list(runner.sandbox.activity)
        played.calls = list(workspace.calls)
        played.files = list(workspace.files.values())
        room = workspace.channel_named(kit.rooms(runner.sandbox)[0])
        assert room is not None
        played.archived = room.archived
        played.left_in_room = [m.text for m in room.messages.values() if m.by_bot]
        rows = await kit.dump(rehearsal.bot, drafts=False)
        played.rows = {table: len(found) for table, found in rows.items()}
        played.end = kit.everything(runner.sandbox)
    return played


def _end_of(title: str, rehearsal: Rehearsal) -> ChapterEnd:
    sandbox = rehearsal.runner.sandbox
    return ChapterEnd(title, kit.people_in(sandbox, kit.rooms(sandbox)[0]), kit.everything(sandbox))


def posts(moments: Iterable[Activity], *beginnings: str) -> list[tuple[str, str, str]]:
    """Return newly posted direct messages with these beginnings: (when in Oslo, who, first line)."""
    found = []
    for moment in moments:
        line = kit.heading(moment.text)
        if moment.kind == "message" and moment.place == "tot-bot" and line.startswith(beginnings):
            at = moment.time.astimezone(ZONE)
            found += [(f"{at:%d.%m %H:%M}", who, line) for who in moment.seen_by]
    return sorted(found)
