"""All that people have seen, written down as it happens, and what must hold of it."""

from __future__ import annotations

import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from bot.domain.language import Language
from bot.domain.notifications import Origin
from bot.texts.words import words
from bot.usecases.ports import UnitOfWork
from sandbox.model import Change, Ephemeral, Message
from sandbox.server import Sandbox
from storage.outbox_statements import RowState
from storage.schema.infrastructure import outbox
from storage.unit_of_work import SqlUnitOfWork
from tests.campaign.chaos import UNCERTAIN

#: A moment is written to the millisecond.
ROUNDED = 0.002
_WORDS = words(Language.NB)
_SOON, STILL_WORKING = _WORDS("joint.soon-short"), _WORDS("modal.still-working")
_WAIT_OVER = _WORDS("wait-over.done", when="").split(" (")[0]
_TOPIC = re.compile(r"Tema \d+")


def topic_of(number: int) -> str:
    """The topic by which a joint meeting is known in what people read."""
    return f"Tema {number:05d}"


@dataclass
class Shown:
    """One message: when it was posted first, and by the clock that is moved."""

    at: float
    clock: datetime
    channel: str
    times: int = 1


@dataclass(frozen=True)
class Wanted:
    """A reminder that has fallen due: of which meeting, to whom, when."""

    topic: str
    slack_id: str
    due: datetime


@dataclass
class Verdict:
    """Violations by kind, each in words, and what was measured."""

    violations: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lateness: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    reminders: int = 0
    twice_for_a_moment: int = 0

    def add(self, kind: str, words: str) -> None:
        self.violations[kind].append(words)


class Witness:
    def __init__(self, sandbox: Sandbox) -> None:
        self._ws = sandbox.workspace
        self._clock = sandbox.clock
        self.shown: dict[str, Shown] = {}
        self.reminders: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.uncertain: set[str] = set()
        #: What comes from a plan, by key: for when it was planned, where that is known.
        self.planned: dict[str, datetime | None] = {}
        #: Who was told to wait, by person and place, and has been told nothing since.
        self._told_to_wait: dict[tuple[str, str], float] = {}
        self.waits = 0
        self.told_in_a_message = 0
        self.offsets: list[tuple[float, float]] = []
        self._clock_moved()
        sandbox.clock.on_move(self._clock_moved)
        self._ws.on_change(self._changed)

    def _clock_moved(self) -> None:
        self.offsets.append((time.time(), self._clock.offset.total_seconds()))

    def _changed(self, change: Change) -> None:
        message = change.message
        if isinstance(message, Ephemeral) and change.kind == "ephemeral":
            key = (message.user, message.channel)
            if STILL_WORKING in message.text:
                self._told_to_wait[key] = time.time()
                self.waits += 1
            else:
                self._told_to_wait.pop(key, None)
        elif change.kind == "modal_shown" and change.view is not None:
            self.waits += STILL_WORKING in json.dumps(change.view.payload, ensure_ascii=False)
        elif isinstance(message, Message) and change.kind == "message_posted" and message.by_bot:
            self._posted(message)

    def _posted(self, message: Message) -> None:
        op_id = op_of(message)
        if op_id is None:
            return
        if op_id in self.shown:
            self.shown[op_id].times += 1
            return
        self.shown[op_id] = Shown(time.time(), self._clock.now(), message.channel)
        text = json.dumps(message.blocks, ensure_ascii=False)
        if _WAIT_OVER in text:
            reader = self._reader(message)
            self.told_in_a_message += 1
            for key in [key for key in self._told_to_wait if key[0] == reader]:
                del self._told_to_wait[key]
        if _SOON in text and (topic := _TOPIC.search(text)):
            self.reminders[topic[0], self._reader(message)].append(op_id)

    def _reader(self, message: Message) -> str:
        members = self._ws.channels[message.channel].members
        return next(member for member in members if member != self._ws.bot.id)

    def forget_calls(self) -> None:
        """Keep of the calls which messages met an uncertain answer: there are hundreds of thousands."""
        for call in self._ws.calls:
            if call.fault in UNCERTAIN and call.method == "chat.postMessage":
                metadata = call.arguments.get("metadata")
                found = json.loads(metadata) if isinstance(metadata, str) else metadata or {}
                self.uncertain.add(found.get("event_payload", {}).get("op_id", ""))
        self._ws.calls.clear()

    def fell_due(self, due: datetime) -> float:
        """Return the moment of real time at which the moved clock first showed this or later."""
        wanted = due.timestamp()
        for number, (since, offset) in enumerate(self.offsets):
            until = self.offsets[number + 1][0] if number + 1 < len(self.offsets) else float("inf")
            moment = max(since, wanted - offset)
            if moment < until:
                return moment
        return float("inf")

    def early(self, op_id: str, due: datetime) -> bool:
        """Return whether a message was shown before the clock had shown its time for the first time."""
        shown = self.shown.get(op_id)
        return shown is not None and shown.at < self.fell_due(due) - ROUNDED

    # --- what must hold

    def visible(self) -> Iterator[Message]:
        for channel in self._ws.channels.values():
            yield from (m for m in channel.messages.values() if m.by_bot)

    def judge(self, verdict: Verdict, wanted: Sequence[Wanted]) -> None:
        """Compare what is wanted so far with what has been seen, at a moment at which nothing is due."""
        stands = Counter(filter(None, map(op_of, self.visible())))
        once(verdict, stands, Counter(self._files()))
        for (topic, reader), dues in _by_meeting(wanted).items():
            ops = self.reminders.get((topic, reader), [])
            for op_id, due in zip(ops, dues, strict=False):
                if self.early(op_id, due):
                    clock = self.shown[op_id].clock
                    verdict.add("early", f"{topic} to {reader}: {op_id} due {due} shown {clock}")
            if len(ops) < len(dues):
                verdict.add("lost", f"{topic} to {reader}: {len(ops)} of {len(dues)}, due {dues[len(ops) :]}")
            elif len(ops) > len(dues):
                verdict.add("doubled", f"{topic} to {reader}: {len(ops)} of {len(dues)}: {ops}")
            if ops and not stands[ops[-1]]:
                verdict.add("lost", f"{topic} to {reader}: {ops[-1]} was shown and stands no more")
        for (person, channel), since in self._told_to_wait.items():
            verdict.add("waiting", f"{person} in {channel} was told to wait at {since:.0f}, and no more")
        for person, stack in self._ws.stacks.items():
            for view in stack:
                if STILL_WORKING in json.dumps(view.payload, ensure_ascii=False):
                    verdict.add("waiting", f"{person} has {view.id} open, which says that it takes a little")

    def judge_rows(self, verdict: Verdict, uow: UnitOfWork) -> None:
        """Nothing has been given up, and what comes from a plan came no earlier than planned.

        A row tells that only as long as nobody has asked for it once more: a reminder that stands, and is
        written over since somebody has lost its lease, is due anew at that moment.
        """
        assert isinstance(uow, SqlUnitOfWork)
        for row in uow._connection.execute(select(outbox)):
            if row.state in (RowState.DEAD, RowState.SET_ASIDE):
                verdict.add("given up", f"{row.kind} {row.op_id}: {row.dead_reason}")
            if row.kind.origin is Origin.PLAN:
                due = self.planned.setdefault(row.op_id, row.due_at if row.generation == 1 else None)
                if due is not None and self.early(row.op_id, due):
                    verdict.add("early", f"{row.kind} {row.op_id} due {due}")

    def _files(self) -> Iterator[str]:
        for file in self._ws.files.values():
            if not file.deleted:
                yield from (file.name for _ in file.channels)

    def measured(self, wanted: Sequence[Wanted]) -> Iterator[tuple[str, float, float]]:
        """Yield of each reminder that has come its key, when it fell due and when it was shown."""
        for (topic, reader), dues in _by_meeting(wanted).items():
            for op_id, due in zip(self.reminders.get((topic, reader), []), dues, strict=False):
                yield op_id, self.fell_due(due), self.shown[op_id].at


def once(verdict: Verdict, messages: Counter[str], files: Counter[str]) -> None:
    """Nothing stands twice."""
    for what, found in (("message", messages), ("file", files)):
        for key, times in found.items():
            if times > 1:
                verdict.add("doubled", f"{what} {key} stands {times} times")


def op_of(message: Message) -> str | None:
    """The opaque key of the outbox row by which the bot has posted a message."""
    payload = (message.metadata or {}).get("event_payload") or {}
    return payload.get("op_id")


def _by_meeting(wanted: Iterable[Wanted]) -> dict[tuple[str, str], list[datetime]]:
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for each in sorted(wanted, key=lambda each: each.due):
        found[each.topic, each.slack_id].append(each.due)
    return found
