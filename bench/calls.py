"""3. The Web API calls that opening a case makes, against what stands in Slack afterwards."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bench.figures import Aim, Finding, Part
from bench.opening import AGENCIES, open_case
from bench.places import MANIFEST, PARTNERS, sqlite
from bench.sizes import Sizes
from bot.cli.rehearsal import rehearse
from sandbox import Sandbox
from sandbox.exercises.runner import ZONE
from sandbox.model import Change

NONE_TOO_MANY = Aim("≤", 0, "")
#: A Monday: two days ahead is no weekend.
STARTS = datetime(2026, 11, 30, 9, 0, tzinfo=ZONE)


async def measure(_sizes: Sizes) -> Part:
    """The bot and the sandbox in this process, until both have come to rest."""
    changes: list[Change] = []
    with sqlite() as url:
        async with rehearse(url, starts=STARTS, partners=PARTNERS, manifest=MANIFEST) as rehearsal:
            runner = rehearsal.runner
            await runner.settle()
            before = len(runner.sandbox.workspace.calls)
            runner.sandbox.workspace.on_change(changes.append)
            await open_case(runner.sandbox)
            await runner.settle()
            made: Counter[str] = Counter(call.method for call in runner.sandbox.workspace.calls[before:])
            required = _required(runner.sandbox, changes)
    methods = sorted({*made, *(method for method, (times, _) in required.items() if times)})
    return Part(
        f"3. Web API calls to open a case with {len(AGENCIES)} agencies (one on mail alone), by method",
        [_finding(method, made[method], required.get(method, (0, ""))[0]) for method in methods],
        [f"{method}: {required.get(method, (0, 'nothing in Slack needs it'))[1]}" for method in methods],
    )


def _finding(method: str, made: int, required: int) -> Finding:
    found = f"{made} made · {required} that Slack requires"
    return Finding(method, found, made - required, " more", NONE_TOO_MANY)


def _required(sandbox: Sandbox, changes: list[Change]) -> dict[str, tuple[int, str]]:
    """How often each method has to be called for what stands in Slack now, and why."""
    ws = sandbox.workspace
    rooms = [c for c in ws.channels.values() if c.kind == "private"]
    posted = [c.message for c in changes if c.kind == "message_posted" and c.message is not None]
    standing = [m for m in posted if m.ts in ws.channels[m.channel].messages and m.user == ws.bot.id]
    written = [m for m in standing if not getattr(m, "files", []) and not getattr(m, "subtype", "")]
    shared = [m for m in standing if getattr(m, "files", [])]
    opened = [c for c in changes if c.kind == "modal_shown" and c.view is not None]
    roots = {c.view.id for c in opened if c.view is not None and c.view.root_view_id == c.view.id}
    guests = [room for room in rooms if set(room.members) - {ws.bot.id}]
    in_room = sum(ws.channels[m.channel] in rooms for m in written)
    return {
        "views.open": (len(roots), "a form can be shown by nothing else; the review comes in its ack"),
        "conversations.create": (len(rooms), "the room"),
        "conversations.invite": (len(guests), "everyone who belongs in it so far, in one call"),
        "chat.postMessage": (
            len(written),
            f"{in_room} card in the room, {len(written) - in_room} direct messages: one a person who is told",
        ),
        "files.getUploadURLExternal": (len(shared), "a file's address"),
        "files.completeUploadExternal": (len(shared), "a file's share"),
        "views.publish": (len(ws.homes), "Home of everyone who has looked at it"),
    }
