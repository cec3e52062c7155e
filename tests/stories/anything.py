"""Anybody does anything available to them, at any time; and what must hold after each act.

It judges by what people see: no two places contradict each other, nobody reads what belongs to another,
nothing is said twice, and nothing fails that nobody has broken.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from sandbox.block_kit.elements import ELEMENTS, TEXT_INPUTS, all_options
from sandbox.model import Json
from sandbox.people.visibility import CouldNot
from tests.stories.judges import FOR_THE_CONFIRMED, FOR_THE_ROOM, judge
from tests.stories.town import Town, Townsperson

#: An agency's standing, in the card's words.
COMING = frozenset({"kommer", "vara kommer", "er på møtet"})
WAITED_FOR = frozenset({"har ikke svart", "har ikke bekreftet taushetsplikten", "forfall, vara er spurt"})
TO_RING = frozenset({"må ringes", "forfall uten vara", "ingen å spørre"})
UNDECIDED = frozenset({"forfall, vara venter på godkjenning"})
STAYS_AWAY = frozenset({"deltar ikke"})
#: Without a meeting ahead: its standing in the case.
OF_NO_MEETING = frozenset({"ventet, men ikke spurt ennå", "spurt", "med i saken", "kan ikke"})
AT_A_MEETING = COMING | WAITED_FOR | TO_RING | UNDECIDED | STAYS_AWAY
#: Texts that nobody may read while Slack and the machine work.
FAILED = ("Noe gikk galt hos meg", "Det har gått en feil")
_ROW = re.compile(r"^\*(?P<agency>[^*:\n]+):\* (?P<state>[^·\n]+?)(?: · .*)?$", re.M)
WORDS = (
    *("sak", "akutt", "møte", "flytt", "avlys", "oppmøte", "inviter", "ut", "ring", "tiltak", "frist"),
    *("person", "koble", "fase", "vent", "avslutt", "gjenåpne", "veiledning", "kall", "kalle", "hvem"),
    *("hjelp", "tjeneste", "fellesmøte", "prøve", "rapport", "vara", "plass", "innsyn", "koordinator"),
)
_TIMES = ("", "", "i morgen kl 9", "i dag kl 14", "fredag kl 10", "om 3 dager")
_TEXTS = (
    *("Vi tar det derfra", "kanarirom: ta med papirene"),
    *("ring Ola Nordmann 913 45 678", "https://meet.example.no/x"),
)
#: Text in these forms is read by people outside the room too, as the form says.
_FOR_OTHERS = ("Fellesmøte", "Endre fellesmøtet", "Svar")
_WAITS = ("10 min", "31 min", "2 t", "8 t", "1 d", "3 d")


@dataclass
class Anything:
    """A town, and a random source. `done` lists what has been tried, for a failure's report."""

    town: Town
    chance: Random
    done: list[str]
    #: How many acts had been done when each message was first seen: answers to two presses are no double.
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    async def happens(self) -> None:
        """Let one thing happen, and check everything."""
        filling = [p for p in self._people() if p.person.modal is not None]
        acts: Sequence[tuple[int, Callable[[], Coroutine[Any, Any, str]]]] = (
            (10, self._presses),
            (15 if filling else 0, partial(self._fills_and_sends, filling)),
            (4, self._types),
            (3, self._time_passes),
            (1, self._the_room_changes),
            (1, self._looks_at_home),
        )
        act = self.chance.choices([a for _, a in acts], [w for w, _ in acts])[0]
        try:
            said = await act()
        except CouldNot:
            return
        await self.town.rest()
        self.done.append(f"{len(self.done)}. {self.town.now:%a %H:%M} {said}")
        found = list(self._wrong())
        assert not found, "\n".join([*found, *self.done])

    # --- possible acts

    def _people(self) -> list[Townsperson]:
        return [self.town.person(user.handle) for user in self.town.people_there()]

    def _somebody(self) -> Townsperson:
        """Choose a person, usually one to whom the bot has written."""
        people = self._people()
        return self.chance.choice([p for p in people if p.messages] * 3 + people)

    async def _presses(self) -> str:
        who = self._somebody()
        there = [where for where in who.person.channels() if where != "generelt"]
        surface = self.chance.choice([None, "home", "tot-bot", *there]) if not who.form else None
        labels = who.offers(surface)
        if not labels:
            raise CouldNot("there is nothing to press")
        label = self.chance.choice(labels)
        await who.presses(label, in_=surface)
        return f"@{who.handle} presses «{label}»"

    async def _fills_and_sends(self, filling: Sequence[Townsperson]) -> str:
        """Fill in and send somebody's open form; seldom close it instead."""
        who = self.chance.choice(filling)
        modal = who.person.modal
        assert modal is not None
        title = modal.title
        if modal.view.payload["submit"] is None or self.chance.random() < 0.1:
            await who.puts_away()
            return f"@{who.handle} puts «{title}» away"
        for block in list(modal.view.blocks):
            if block["type"] == "input" and self.chance.random() < 0.8:
                await self._fill(who, title, block)
        errors = await who.person.submits()
        await self.town.rest()
        if errors:
            await who.puts_away()
        return f"@{who.handle} sends «{title}»{f', refused: {errors}' if errors else ''}"

    async def _fill(self, who: Townsperson, title: str, block: Json) -> None:
        element = block["element"]
        value = self._value(element)
        of_a_case = any(words.search(str(value)) for words in (FOR_THE_ROOM, FOR_THE_CONFIRMED))
        if value is None or (of_a_case and title in _FOR_OTHERS):
            return
        if title == "Koordinatorer" and element["type"] == "users_select":
            self.town.let_in.add(value)
        with contextlib.suppress(CouldNot):
            await who.person.fills({block["label"]["text"]: value}, within=0)

    def _value(self, element: Json) -> Any:
        """Return a value that such a field accepts; None leaves it unchanged."""
        kind = element["type"]
        options = all_options(element)
        if kind in TEXT_INPUTS:
            return str(self.chance.randint(0, 9)) if kind == "number_input" else self.chance.choice(_TEXTS)
        if ELEMENTS[kind].many:
            return self.chance.sample(options, self.chance.randint(1, min(3, len(options))))
        if options:
            return self.chance.choice(options)
        if kind == "users_select":
            return self.chance.choice(self._people()).handle
        ahead = self.town.now + timedelta(hours=self.chance.choice((1, 5, 24, 24, 72, 300)))
        return ahead.replace(minute=0) if kind == "datetimepicker" else ahead.date()

    async def _types(self) -> str:
        who = self._somebody()
        text = f"/tot {self.chance.choice(WORDS)} {self.chance.choice(_TIMES)}".strip()
        place = self.chance.choice([*(w for w in who.person.channels() if w.startswith("rom-")), "#generelt"])
        await who.types(text, in_=place)
        return f"@{who.handle} types {text} in {place}"

    async def _time_passes(self) -> str:
        length = self.chance.choice(_WAITS)
        await self.town.later(length)
        if self.chance.random() < 0.1:
            await self.town.bot_restarts()
            return f"{length}, and the bot begins anew"
        return length

    async def _the_room_changes(self) -> str:
        """Let somebody leave a room, or invite somebody."""
        who = self._somebody()
        mine = [where for where in who.person.channels() if where.startswith("rom-")]
        if not mine:
            raise CouldNot("there is no room to leave")
        room, other = self.chance.choice(mine), self._somebody().handle
        if self.chance.random() < 0.5:
            await who.person.leaves(room)
            return f"@{who.handle} leaves {room}"
        await who.person.invites(other, room)
        self.town.let_in.add(other)
        return f"@{who.handle} lets @{other} into {room}"

    async def _looks_at_home(self) -> str:
        who = self._somebody()
        await who.puts_away()
        await who.looks_at_home()
        return f"@{who.handle} looks at Home"

    # --- what must hold

    def _wrong(self) -> Iterator[str]:
        for room in self.town.rooms:
            yield from self._of_a_card(room)
        for who in self._people():
            yield from self._before(who)

    def _of_a_card(self, room: str) -> Iterator[str]:
        """Yield contradictions between the counts, the rows and the coordinators' Homes."""
        card = self.town.card(room)
        rows = {m["agency"]: m["state"].strip() for m in _ROW.finditer(card)}
        states = {a: s for a, s in rows.items() if s in AT_A_MEETING | OF_NO_MEETING}
        turnout = next(iter(re.findall(r"^\*\d+ kommer\*.*$", card, re.M)), "")
        if turnout:
            counts = [int(n) for n in re.findall(r"(?:^|· )\*?(\d+) ", turnout)]
            coming = sum(s in COMING for s in states.values())
            acted_since_newest = sum(s in AT_A_MEETING for s in states.values())
            if counts[0] != coming or sum(counts) != acted_since_newest:
                yield f"{room}: the card counts «{turnout}», its rows say {states}"
            silent = sum(map(int, re.findall(r"(\d+) har ikke svart", turnout)))
            if silent != sum(s in WAITED_FOR for s in states.values()):
                yield f"{room}: the card counts {silent} silent, its rows say {states}"
        for handle in self.town.coordinators & self.town.inside(room):
            yield from self._of_a_home(room, states, self.town.person(handle))

    def _of_a_home(self, room: str, states: dict[str, str], who: Townsperson) -> Iterator[str]:
        """Yield where Home and the card disagree about what is missing of an agency."""
        code = room.removeprefix("rom-")
        part = re.search(rf"^Sak \*{code}\* ·.*?(?=^Sak \*|^———|\Z)", who.home, re.M | re.S)
        if part is None:
            return
        for agency, state in states.items():
            lacking = re.findall(rf"^• \*[^:\n]*\b{re.escape(agency)}(?!\w)[^:\n]*:\* (.*)$", part[0], re.M)
            if state in WAITED_FOR | TO_RING | UNDECIDED | STAYS_AWAY and state not in lacking:
                yield f"{room}: {agency} «{state}» on the card, and @{who.handle}'s Home says {lacking}"
            if state in COMING and any("har ikke svart" in said for said in lacking):
                yield f"{room}: {agency} «{state}» on the card, by @{who.handle}'s Home silent"

    def _before(self, who: Townsperson) -> Iterator[str]:
        """Yield failures, and messages duplicated in one moment by one act."""
        for text in (*who.whispers, who.form, who.home):
            yield from (f"@{who.handle} reads «{words}»" for words in FAILED if words in text)
        said: dict[tuple[str, str, int], str] = {}
        for seen in who.person.messages("tot-bot"):
            act = self.seen.setdefault((who.handle, seen.ts), len(self.done))
            key = (seen.text, seen.ts.partition(".")[0][:-1], act)
            if seen.sender == "tot-bot" and "📎" not in seen.text and key in said:
                yield f"@{who.handle} has before them twice: {seen.text}"
            said[key] = seen.ts


async def anything_happens(town: Town, seed: int, times: int) -> None:
    """Let `times` acts happen, chosen by `seed`; check after each, and all of Slack occasionally."""
    play = Anything(town, Random(seed), [f"seed {seed}"])  # noqa: S311  (no secret)
    for number in range(times):
        await play.happens()
        if number % 10 == 9:
            try:
                await judge(town)
            except AssertionError as wrong:
                raise AssertionError("\n".join([str(wrong), *play.done])) from wrong
