"""`tot doctor --blocks` and `--owner`: what Slack would take, and what only its owner can say."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.doctor_blocks import SAMPLES, examine_blocks
from bot.cli.doctor_owner import POINTS
from bot.cli.findings import Finding, FindingState, fine
from bot.domain.owner import OwnerAnswer
from bot.settings import Settings, load
from handlers.subjects import joined
from sandbox import limits
from sandbox.faults import Fault
from tests.bot.cli.conftest import ROOT, Tot, in_a_terminal, in_database
from tests.bot.cli.test_doctor import Clinic, clinic, words
from tests.lock_screen import KINDS

__all__ = ["clinic"]
LINES = [json.loads(line) for line in SAMPLES.read_text("utf-8").splitlines()]
#: Sent as a file, whose words are no blocks.
FILES = {
    *("calendar_file", "guidance_entry", "invite", "joint_entry"),
    *("report_picture", "report_sheet", "roster_page", "yearly_picture", "yearly_sheet"),
}


def test_every_message_and_every_form_is_among_them() -> None:
    assert {str(kind) for kind in KINDS} - FILES <= {name for what, name, _ in LINES if what == "message"}
    forms = {shown.get("callback_id") for what, _, shown in LINES if what == "view"}
    assert {form.id for form in joined().forms} - forms == set()
    assert max(len(json.dumps(shown, ensure_ascii=False)) for _, _, shown in LINES) < limits.VALIDATED


async def shown(samples: Path = SAMPLES) -> list[Finding]:
    """Return the findings when the samples are shown without a pause."""
    return await asyncio.to_thread(lambda: [*examine_blocks(load(Settings), samples, pause=0)])


async def test_slack_is_shown_each_of_them_and_nothing_is_posted(clinic: Clinic) -> None:
    told = clinic.sandbox.faults.add(Fault("ratelimited", "blocks.validate", times=1, retry_after=1))
    taken = f"Slack would take all {len(LINES)}; nothing was posted"
    assert await shown() == [fine("Messages and forms", taken)]
    assert told.hits == 1
    methods = [call.method for call in clinic.sandbox.workspace.calls]
    assert methods.count("blocks.validate") == len(LINES) + 1
    assert not [m for m in methods if m.startswith(("chat.", "views."))]


@pytest.mark.usefixtures("clinic")
async def test_what_slack_would_refuse_is_told_with_its_place(tmp_path: Path) -> None:
    heading = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    good = {"type": "divider"}
    lines = [["message", "summons", {"blocks": [good, heading]}], ["message", "room", {"blocks": [good]}]]
    other = tmp_path / "other.jsonl"
    other.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    (found,) = await shown(other)
    assert found.state is FindingState.WRONG, "so that the doctor leaves with 1"
    assert found.found.startswith("Slack would refuse the message summons: ")
    assert "/blocks/1/text/text" in found.found


async def test_a_slack_that_will_not_look_is_no_fault_of_ours(clinic: Clinic) -> None:
    clinic.sandbox.faults.add(Fault("error", "blocks.validate", code="unknown_method", times=-1))
    said = await asyncio.to_thread(clinic.tot, "doctor", "--blocks")
    assert said.code == 0
    assert f"Messages and forms look looked at 0 of {len(LINES)}, then: unknown_method" in words(said)


# --- the owner's checklist


def _answers() -> dict[str, OwnerAnswer]:
    return {each.id: each for each in in_database(lambda uow: uow.find(OwnerAnswer))}


@pytest.mark.usefixtures("with_partners")
def test_answers_are_kept_with_who_and_when(tot: Tot) -> None:
    said = in_a_terminal(["doctor", "--owner", "  Kari,  [IT] "], "ja\nno\nkanskje\n" + "\n" * len(POINTS))
    assert said.code == 0, said.out
    assert "2 answers kept" in said.out
    today = datetime.now(UTC).date()
    assert _answers() == {
        POINTS[0].key: OwnerAnswer(POINTS[0].key, True, today, "Kari, [IT]"),
        POINTS[1].key: OwnerAnswer(POINTS[1].key, False, today, "Kari, [IT]"),
    }
    told = words(tot("doctor"))
    assert f"{POINTS[0].setting} fine as it should be (Kari, [IT], {today})" in told
    assert f"{POINTS[1].setting} look not as it should be (Kari, [IT], {today})" in told
    assert "Owner's checklist unknown Slack tells no app" in told
    said = in_a_terminal(["doctor", "--owner", "Ola"], "no\n" + "\n" * len(POINTS))
    again = OwnerAnswer(POINTS[0].key, False, today, "Ola")
    assert _answers()[POINTS[0].key] == again, "in the place of the first"


@pytest.mark.usefixtures("with_partners")
def test_an_answer_of_more_than_a_year_counts_no_more(tot: Tot) -> None:
    today = datetime.now(UTC).date()
    old = [today - timedelta(days=days) for days in (365, 366)]
    answers = [OwnerAnswer(p.key, True, day, "Kari") for p, day in zip(POINTS[:2], old, strict=True)]
    in_database(lambda uow: uow.add(*answers))
    said = words(tot("doctor"))
    assert f"{POINTS[0].setting} fine" in said
    assert f"{POINTS[1].setting} look answered more than a year ago (Kari," in said


@pytest.mark.usefixtures("with_partners")
def test_somebody_has_to_answer_at_a_terminal(tot: Tot) -> None:
    for who, why in (
        *((nobody, "say who answers") for nobody in ("", " ", "x" * 81, "a\x1bb")),
        ("Kari", "no terminal to ask at"),
    ):
        tot("doctor", "--owner", who).is_refused(why)


def test_the_page_explains_each_point() -> None:
    page = (ROOT / "docs" / "install.md").read_text("utf-8").partition("## Workspace settings to check")[2]
    rows = [line.split(" | ")[0].removeprefix("| ") for line in page.partition("\n## ")[0].splitlines()]
    assert [row for row in rows if row[:1] not in ("", "|")][-len(POINTS) :] == [p.setting for p in POINTS]
