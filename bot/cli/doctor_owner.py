"""`tot doctor --owner`: the owner's answers about settings that a bot token cannot see, with who and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import typer

from bot.cli.console import counted, fail, is_terminal, say
from bot.cli.database import with_database
from bot.cli.findings import Finding, fine, look, unknown
from bot.domain.owner import OwnerAnswer
from bot.settings import StoreSettings, load
from bot.usecases.ports import UnitOfWork

Answers = Mapping[str, OwnerAnswer]
_CHANNELS = "Workspace settings › Permissions › Channel Management"
_HOW = "docs/install.md, «Workspace settings to check», says why"
_ASK = "tot doctor --owner WHO"
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Point:
    """A workspace setting: its name in docs/install.md, its right value, and where Slack shows it."""

    key: str
    setting: str
    should_be: str
    where: str = _CHANNELS


POINTS = (
    Point(
        "events",
        "Events that are subscribed to",
        "as `tot manifest` has them",
        "api.slack.com/apps › the app › Event Subscriptions",
    ),
    Point("create", "People who can create private channels", "includes apps and members"),
    Point(
        "remove-people",
        "People who can remove members from private channels",
        "everyone except guests (Slack's default)",
    ),
    Point("invite", "Who may add people to private channels", "as few as you can live with"),
    Point(
        "make-public",
        "Who can make a private channel public",
        "only owners, and they know why they should not",
    ),
    Point("archive", "Who can archive channels", "only owners"),
    Point("remove-apps", "People who can remove apps", "as few as Slack allows"),
    Point(
        "channel-tools",
        "Channel management tools",
        "you know who can manage private channels with them without being a member",
        "Workspace settings › Administration › Manage permissions › Account types",
    ),
    Point(
        "connect",
        "Slack Connect",
        "nobody shares a channel, or an administrator approves each time",
        "Workspace settings › Slack Connect",
    ),
    Point(
        "guests",
        "Guests",
        "one has tried /tot hjelp; single-channel guests have no slack_id in the partners file",
        "in Slack, as a guest",
    ),
    Point(
        "retention",
        "Message retention",
        "short for private channels, and decided on",
        "Workspace settings › Retention & exports",
    ),
    Point(
        "legal-hold",
        "Legal hold",
        "none on coordinators, contacts or case rooms, or a deliberate choice",
        "Slack's administration, on Enterprise plans",
    ),
    Point(
        "analytics",
        "Workspace analytics",
        "only owners and administrators; member analytics off",
        "Workspace settings › Permissions › Workspace Analytics",
    ),
    Point(
        "mcp",
        "MCP and AI clients",
        "none approved, or a deliberate choice: they search what a member can read",
        "Manage apps",
    ),
    Point(
        "ai",
        "Slack's AI and Slackbot",
        "off where the plan allows it, or a deliberate choice",
        "Workspace settings › Roles & permissions › Feature access › AI",
    ),
    Point(
        "exports",
        "Exports, discovery, other apps",
        "you know who can read private channels with them",
        "Workspace settings › Retention & exports; Manage apps",
    ),
    Point(
        "addresses",
        "Addresses from which the token counts",
        "only the bot's own",
        "api.slack.com/apps › the app › OAuth & Permissions › Restrict API Token Usage",
    ),
)


def examine_owner(answers: Answers, today: date) -> Iterator[Finding]:
    """Yield each point's answer, with who answered and when, and the answers that are missing or too old."""
    missing = [point.setting for point in POINTS if point.key not in answers]
    if missing:
        found = f"Slack does not show these to an app, and nobody has answered: {'; '.join(missing)}"
        yield unknown("Owner's checklist", found, _ASK)
    for point in POINTS:
        answer = answers.get(point.key)
        if answer is None:
            continue
        mend = f"should be: {point.should_be}. {point.where}; then {_ASK}"
        said = f"{answer.answered_by}, {answer.answered_on}"
        if answer.is_old(today):
            yield look(point.setting, f"answered more than a year ago ({said})", mend)
        elif answer.met:
            yield fine(point.setting, f"as it should be ({said})")
        else:
            yield look(point.setting, f"not as it should be ({said})", mend)


def answers_in(uow: UnitOfWork) -> Answers:
    return {answer.id: answer for answer in uow.find(OwnerAnswer)}


def ask_owner(who: str) -> None:
    """Go through the checklist at the terminal. Each answer is saved at once and replaces the earlier one."""
    who = " ".join(who.split())
    if not who or len(who) > LONGEST or not who.isprintable():
        raise fail(f"say who answers: a name or a role, at most {LONGEST} characters")
    if not is_terminal():
        raise fail("nothing has been changed: there is no terminal to ask at")
    settings = load(StoreSettings)
    with_database(settings, lambda database: database.read(answers_in), must_exist=True)
    say(f"Slack does not show these to an app. Each answer is saved with «{who}» and today's date. {_HOW}.")
    kept = 0
    for number, point in enumerate(POINTS, start=1):
        say(f"\n{number} of {len(POINTS)}. {point.setting}", style="bold")
        say(f"Should be: {point.should_be}. See {point.where}.")
        answer = _answer()
        if answer is None:
            continue
        _keep(settings, OwnerAnswer(point.key, answer, datetime.now(UTC).date(), who))
        kept += 1
    say(f"\n{counted(kept, 'answer')} saved. `tot doctor` shows them.")


def _answer() -> bool | None:
    """Ask until the answer is yes, no, or None for later."""
    while True:
        given = str(typer.prompt("Is it so? yes, no, or Enter for later", default="", show_default=False))
        word = given.strip().lower()
        if word in ("", "y", "yes", "j", "ja", "n", "no", "nei"):
            return None if not word else word[0] != "n"


def _keep(settings: StoreSettings, answer: OwnerAnswer) -> None:
    def keep(uow: UnitOfWork) -> None:
        before = uow.get(OwnerAnswer, answer.id)
        if before is not None:
            uow.remove(before)
        uow.add(answer)

    with_database(settings, lambda database: database.write(keep))
