"""Which function each command word runs, and the one listener of `/tot`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from handlers.actions import commands as actions_commands
from handlers.attendance import commands as attendance_commands
from handlers.case import commands as case_commands
from handlers.convening import commands as convening_commands
from handlers.dates import commands as dates_commands
from handlers.deputies import commands as deputies_commands
from handlers.directory import commands as directory_commands
from handlers.guidance import commands as guidance_commands
from handlers.involvement import commands as involvement_commands
from handlers.joint import commands as joint_commands
from handlers.lifecycle import commands as lifecycle_commands
from handlers.links import commands as links_commands
from handlers.meeting import commands as meeting_commands
from handlers.overview import commands as overview_commands
from handlers.persons import commands as persons_commands
from handlers.profile import commands as profile_commands
from handlers.report import commands as report_commands
from handlers.slack.requests import CommandRequest
from handlers.slack.vocabulary import find, nearest, split

COMMAND = "/tot"
TABLE: Mapping[str, Callable[[CommandRequest], Awaitable[None]]] = {
    "case": case_commands.open_case,
    "invite": involvement_commands.invite_agency,
    "release": involvement_commands.release_agency,
    "meeting": meeting_commands.call_meeting,
    "move": meeting_commands.move_meeting,
    "cancel": meeting_commands.cancel_meeting,
    "attendance": attendance_commands.register_attendance,
    "actions": actions_commands.see_actions,
    "deadline": dates_commands.set_date,
    "phase": lifecycle_commands.change_phase,
    "close": lifecycle_commands.close_case,
    "person": persons_commands.add_persons,
    "link": links_commands.link_cases,
    "wait": lifecycle_commands.pause_case,
    "coordinator": directory_commands.keep_coordinators,
    "joint": joint_commands.call_joint,
    "guidance": guidance_commands.ask_guidance,
    "convene": convening_commands.ask_to_convene,
    "roster": directory_commands.show_roster,
    "report": report_commands.order_report,
    "agency": directory_commands.keep_agency,
    "deputy": deputies_commands.name_deputy,
    "hand-over": deputies_commands.hand_over,
    "access": profile_commands.see_own_log,
    "language": profile_commands.change_language,
    "help": overview_commands.help,
}


async def tot(request: CommandRequest) -> None:
    """`/tot`, whatever follows it. What was typed is never repeated."""
    first, rest = split(request.rest)
    if not first:
        await overview_commands.here(request)
        return
    word = find(first)
    if word is None:
        near = [f"`{COMMAND} {w.shown(request.words)}`" for w in nearest(first)]
        key = "command.unknown-near" if near else "command.unknown"
        await request.answer(request.words(key, near=", ".join(near)) if near else request.words(key))
        return
    await TABLE[word.key](replace(request, rest=rest))
