"""Everything that people have seen, recorded as it happens, and what must hold of it.

It judges by what was done, by what Slack shows and by the clock: it reads nothing of the bot's own state, nor
the bot's key in a message.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.language import Language
from bot.texts.words import words
from sandbox.model import Change, Ephemeral, Json, Message
from sandbox.server import Sandbox
from tests.campaign.chaos import WrongClock
from tests.e2e import kit

#: Moments are rounded to the millisecond.
ROUNDED = 0.002
#: Seconds within which a person who has pressed is told that it takes a little, or did not succeed.
TOLD_WITHIN = 5.0
_WORDS = words(Language.NB)
STILL_WORKING = _WORDS("modal.still-working")
COMES = "Jeg kommer"
OSLO = ZoneInfo("Europe/Oslo")
LONG_AGO = datetime.fromtimestamp(0, UTC)
#: A message's kind, by its words when posted; the group is its meeting or case.
_KINDS = {
    "reminder": r"^Fellesmøtet nærmer seg\n.*\n(Tema \d+)",
    "invitation": r"^Fellesmøte i TOT Bergen\n(Tema \d+)",
    "question": "^(?:Møte |Akutt|Kan du være med|Det er opprettet en sak"
    "|Kommer du på møtet|Du kommer på møtet|Du bekreftet taushetsplikten)",
    "ring list": r"^Ring disse: sak (\w+)",
    "card": r"^Sak (\w+)",
    "calendar": "^En fil til kalenderen din",
    "answer": "^(?:Dette|Ingenting) venter på deg",
    "wait over": "^Du ventet på svar fra meg",
}
_NAMED = re.compile(r"(Tema \d+|[Ss]ak (?=[a-z]*\d)[a-z0-9]{4}\b)")
#: How the question reads after its button has been pressed.
_HEEDED = {
    kit.CONFIRM: re.compile("^(?:Kommer du på møtet|Du kommer på møtet|Du bekreftet taushetsplikten)"),
    COMES: re.compile("^Du kommer på møtet"),
}
_WAITED = re.compile(r"^Du ventet på svar fra meg \(.*?(\d\d:\d\d)\)")
_SUMMONED = re.compile("^(?:Kommer du|Du kommer) på møtet")


def topic_of(number: int) -> str:
    """Return the topic that identifies a joint meeting in what people read."""
    return f"Tema {number:05d}"


#: Violations by kind, each in words.
Violations = dict[str, list[str]]


@dataclass
class Shown:
    """One message: when it was posted, also by the moved clock, to whom (or in which room), and its kind."""

    at: float
    clock: datetime
    reader: str
    kind: str
    #: Its first line when last read.
    reads: str = ""


@dataclass(frozen=True)
class Wanted:
    """A message that somebody should have: of this kind, no earlier than it was due."""

    kind: str
    reader: str
    due: datetime = LONG_AGO


@dataclass(frozen=True)
class Pressed:
    """Somebody has pressed a button of a message, and Slack has shown no warning sign."""

    channel: str
    ts: str
    button: str
    at: float


class Witness:
    def __init__(self, sandbox: Sandbox) -> None:
        self._ws = sandbox.workspace
        self._clock = sandbox.clock
        self.shown: dict[tuple[str, str], Shown] = {}
        self.pressed: list[Pressed] = []
        #: When somebody was answered in passing: to wait, or that it did not succeed.
        self._answered: dict[str, list[float]] = defaultdict(list)
        #: People told to wait, by person and place, who have been told nothing since.
        self._told_to_wait: dict[tuple[str, str], float] = {}
        self._written: Counter[str] = Counter()
        self.waits = 0
        self.offsets: list[tuple[float, float]] = []
        self.wrong_clocks: list[WrongClock] = []
        self._clock_moved()
        sandbox.clock.on_move(self._clock_moved)
        self._ws.on_change(self._changed)

    def _clock_moved(self) -> None:
        self.offsets.append((time.time(), self._clock.offset.total_seconds()))

    def _changed(self, change: Change) -> None:
        message = change.message
        if isinstance(message, Ephemeral) and change.kind == "ephemeral":
            self._answered[message.user].append(time.time())
            key = (message.user, message.channel)
            if STILL_WORKING in message.text:
                self._told_to_wait[key] = time.time()
                self.waits += 1
            else:
                self._told_to_wait.pop(key, None)
        elif change.kind == "modal_shown" and change.view is not None:
            self.waits += STILL_WORKING in json.dumps(change.view.payload, ensure_ascii=False)
        elif isinstance(message, Message) and change.kind == "message_posted":
            reader = self._reader(message.channel)
            if not message.by_bot:
                self._written[reader] += 1
                return
            kind = kind_of(said(message.text, message.blocks))
            self.shown[message.channel, message.ts] = Shown(time.time(), self._clock.now(), reader, kind)
            if kind == "wait over":
                for key in [key for key in self._told_to_wait if key[0] == reader]:
                    del self._told_to_wait[key]

    def _reader(self, channel_id: str) -> str:
        """Return the reader of a channel's messages: a room's name, or a person."""
        channel = self._ws.channels.get(channel_id)
        if channel is None or channel.kind != "im":
            return channel.name if channel is not None else channel_id
        return next(member for member in channel.members if member != self._ws.bot.id)

    def fell_due(self, due: datetime) -> float:
        """Return the moment of real time at which the moved clock first showed this or later."""
        wanted = due.timestamp()
        for number, (since, offset) in enumerate(self.offsets):
            until = self.offsets[number + 1][0] if number + 1 < len(self.offsets) else float("inf")
            moment = max(since, wanted - offset)
            if moment < until:
                return moment
        return float("inf")

    def count(self, kind: str) -> int:
        """Return how many messages of a kind have been shown, posted or not."""
        return sum(shown.kind.startswith(kind) for shown in self.shown.values())

    # --- what must hold

    def standing(self) -> Iterator[tuple[Shown, str]]:
        """Yield every message still posted, with its words."""
        for (channel, ts), shown in self.shown.items():
            message = self._ws.channels[channel].messages.get(ts)
            if message is not None:
                told = said(message.text, message.blocks)
                shown.reads = told.partition("\n")[0]
                yield shown, told

    def matched(self, wanted: Sequence[Wanted]) -> dict[tuple[str, str], tuple[list[Shown], list[datetime]]]:
        """Return, by reader and kind, the posted messages in order of arrival, and when each was due."""
        found: dict[tuple[str, str], tuple[list[Shown], list[datetime]]] = defaultdict(lambda: ([], []))
        for each in sorted(wanted, key=lambda each: each.due):
            found[each.reader, each.kind][1].append(each.due)
        for shown, told in self.standing():
            found[shown.reader, shown.kind][0].append(shown)
            if shown.kind == "question" and _SUMMONED.search(told):
                found[shown.reader, "calendar"][1].append(LONG_AGO)
        return found

    def first_shown(self, reader: str) -> float:
        """Return when the first message was shown to somebody, or in a room; infinity if never."""
        return min((each.at for each in self.shown.values() if each.reader == reader), default=float("inf"))

    def judge(self, wanted: Sequence[Wanted], cases: int = 1) -> Violations:
        """Compare what is wanted so far with what is posted, at a moment when nothing is due.

        A message that nobody wants here but that may come is posted once if it names a meeting or a case,
        otherwise once for each of the `cases`.
        """
        found: Violations = defaultdict(list)
        ends: dict[str, Set[str]] = defaultdict(set)
        for (reader, kind), (stands, dues) in self.matched(wanted).items():
            most = len(dues) or self._most(reader, kind, cases)
            if kind == "wait over":
                most = self._left_waiting(reader, stands)
                ends[reader] = _times_in(stands).keys()
            if not len(dues) <= len(stands) <= most:
                read = [f"{shown.clock:%H:%M:%S} {shown.reads}" for shown in stands]
                told = f"{kind} to {reader}: {len(stands)} of {most}: {read}"
                found["lost" if len(stands) < len(dues) else "doubled"].append(told)
            for shown, due in zip(stands, dues, strict=False):
                if shown.at < self.fell_due(due) - ROUNDED:
                    found["early"].append(f"{kind} to {reader}: due {due} shown {shown.clock}")
        for each in self.pressed:
            # A copy of a question may have been pressed before it was deleted.
            message = self._ws.channels[each.channel].messages.get(each.ts)
            now = said(message.text, message.blocks) if message is not None else ""
            reader = self._reader(each.channel)
            told_else = any(abs(at - each.at) < TOLD_WITHIN for at in self._answered[reader]) or (
                ends[reader] & self._minutes(each.at - TOLD_WITHIN, each.at + TOLD_WITHIN)
            )
            if now and not told_else and not _HEEDED[each.button].search(now):
                found["unheeded"].append(f"{reader} pressed «{each.button}», and reads {now[:60]!r}")
        for (person, where), since in self._told_to_wait.items():
            found["waiting"].append(f"{person} in {where} was told to wait at {since:.0f}, and no more")
        for person, stack in self._ws.stacks.items():
            for view in stack:
                if STILL_WORKING in json.dumps(view.payload, ensure_ascii=False):
                    found["waiting"].append(f"{person} has {view.id} open, which says that it takes a little")
        return found

    def _most(self, reader: str, kind: str, cases: int) -> int:
        if kind == "answer":
            return self._written[reader]
        return 1 if _NAMED.search(kind) or kind.startswith(("ring", "card")) else cases

    def _left_waiting(self, reader: str, stands: Sequence[Shown]) -> int:
        """Return how many outcomes may be told: one for each thing asked at that time."""
        asked: Counter[str] = Counter()
        for delivery in self._ws.deliveries:
            if delivery.attempts and _sender(delivery.payload) == reader:
                sent = [time.time() - time.monotonic() + each.sent for each in delivery.attempts]
                asked.update(self._minutes(sent[0], sent[-1]))
        return sum(min(number, asked[time]) for time, number in _times_in(stands).items())

    def _minutes(self, since: float, until: float) -> set[str]:
        """Return how the bot may name the time of what was asked between these moments of real time."""
        first, last = self._local(since), self._local(until)
        # The bot may have read the time from a clock that was wrong then.
        wrong = [by for a, b, by in self.wrong_clocks if a <= until and since <= b]
        return {
            f"{first + timedelta(minutes=minute, seconds=by):%H:%M}"
            for minute in range(int((last - first).total_seconds()) // 60 + 2)
            for by in (0.0, *wrong)
        }

    def _local(self, at: float) -> datetime:
        """Return the moved clock's time at a moment of real time, as people read it."""
        offset = next((offset for since, offset in reversed(self.offsets) if since <= at), 0.0)
        return datetime.fromtimestamp(at + offset, OSLO)

    def measured(self, wanted: Sequence[Wanted]) -> Iterator[tuple[str, float, float]]:
        """Yield each arrived reminder's reader and kind, when it fell due and when it was shown."""
        for (reader, kind), (stands, dues) in self.matched(wanted).items():
            if kind.startswith("reminder"):
                for shown, due in zip(stands, dues, strict=False):
                    yield f"{kind} to {reader}", self.fell_due(due), shown.at


def _times_in(ends: Sequence[Shown]) -> Counter[str]:
    """Return the times at which people asked for what these messages tell the end of."""
    return Counter(found[1] for shown in ends if (found := _WAITED.search(shown.reads)))


def _sender(payload: Json) -> str:
    """Return the sender of a payload: of a command, a press or form, or an event."""
    user = payload.get("user") or payload.get("event", {}).get("user") or payload.get("user_id", "")
    return str(user.get("id", "") if isinstance(user, dict) else user)


def said(text: str, blocks: Sequence[Json]) -> str:
    """Return a message's words; without blocks, as for a file, the text beside it."""
    texts: list[Any] = [(block.get("text") or {}).get("text", "") for block in blocks]
    return ("\n".join(filter(None, texts)) or text).replace("*", "")


def kind_of(told: str) -> str:
    """Return one of the kinds, or the first line, with the message's meeting or case."""
    for kind, begins in _KINDS.items():
        if found := re.search(begins, told):
            return " ".join((kind, *found.groups()))
    named = _NAMED.search(told)
    return f"{told.partition(chr(10))[0]} {named[0] if named else ''}".strip()
