"""A case's room, with the police and child welfare in it: its messages, and who is told."""

from __future__ import annotations

from collections.abc import Awaitable

from bot.cli.demo import Rehearsal
from bot.domain.case.entities import Case
from sandbox.exercises import steps
from sandbox.model import Channel
from sandbox.people.person import Person
from tests.e2e import kit

INSIDE = {"koordinator", "politi-exit", "barnevern"}


class CaseRoom:
    """The room, in any state."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.bot, self.runner, self.sandbox = rehearsal.bot, rehearsal.runner, rehearsal.runner.sandbox
        (self.name,) = kit.rooms(self.sandbox)
        self.channel = self.channel_of(self.name)
        assert self.inside() == INSIDE

    @property
    def code(self) -> str:
        return self.name.removeprefix("rom-")

    def channel_of(self, name: str) -> Channel:
        found = self.sandbox.workspace.channel_named(name)
        assert found is not None
        return found

    def inside(self, other: Channel | None = None) -> set[str]:
        return kit.people_in(self.sandbox, (other or self.channel).id)

    def of_the_bot(self, other: Channel | None = None) -> list[str]:
        """Return the bot's messages there: the text of each message's first block, without the code."""
        me, channel = self.sandbox.workspace.bot.id, other or self.channel
        stands = [m for m in channel.messages.values() if m.user == me and not m.subtype]
        return [kit.heading(m.blocks[0]["text"]["text"]) if m.blocks else m.text for m in stands]

    def alerts(self, words: str, handle: str = "koordinator") -> list[str]:
        return kit.told(self.sandbox, handle, words)

    def owner(self) -> Person:
        """Return an owner of the workspace, whom somebody in the room has let in."""
        person = self.runner.person("utenforstaende")
        if person.id not in self.channel.members:
            self.channel.members.append(person.id)
        return person

    async def case(self) -> Case:
        (case,) = await self.bot.database.read(lambda uow: uow.find(Case))
        return case

    def told_of_person(self, other: Channel | None = None) -> list[str]:
        """Return its current messages about one more person."""
        texts = [str(m.blocks) for m in (other or self.channel).messages.values() if m.by_bot]
        return [text for text in texts if "Saken gjelder nå også" in text]

    async def of_now(self) -> Channel:
        """Return the case's present room."""
        return self.channel_of(f"rom-{(await self.case()).code}")

    async def after(self, deed: Awaitable[object]) -> None:
        """Do something, and wait for all effects."""
        await deed
        await self.runner.until_idle()

    async def throws_the_bot_out(self) -> None:
        await self.after(self.runner.person("politi-exit").removes("tot-bot", self.name))

    async def is_left_for_a_new_one(self) -> None:
        await steps.answers_form(self.runner, "koordinator", "Nytt rom", title="Nytt rom")
