"""The exercise with mail runs, and its final state is what calendars understand."""

from __future__ import annotations

import email
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.bot.cli.conftest import Tot


@pytest.mark.parametrize("exercise", ["kalendersvar", pytest.param("forste-sak", marks=pytest.mark.slow)])
def test_it_plays_and_writes_every_mail(tot: Tot, tmp_path: Path, exercise: str) -> None:
    said = tot.does("demo", "--exit", "--exercise", exercise, "--out", str(tmp_path))
    mails = sorted((tmp_path / "mails").glob("*.eml"))
    invites = sorted((tmp_path / "invites").glob("*.ics"))
    assert len(mails) > 10
    assert len(invites) >= len(mails) - 1
    for file in mails:
        raw = file.read_bytes()
        assert raw.replace(b"\r\n", b"").count(b"\n") == 0
        assert email.message_from_bytes(raw)["Message-ID"]
    for file in invites:
        raw = file.read_bytes()
        assert raw.replace(b"\r\n", b"").count(b"\n") == 0
        assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
        (event,) = Calendar.from_ical(raw).walk("VEVENT")
        assert not isinstance(event["ATTENDEE"], list)
    code = next(line for line in said.splitlines() if "rom-" in line).partition("rom-")[2][:4]
    assert not [f for f in (*mails, *invites) if code.encode() in f.read_bytes()]


def test_without_mail_there_are_files_in_slack_and_no_mails(tot: Tot, tmp_path: Path) -> None:
    said = tot("demo", "--exit", "--no-mail", "--exercise", "veiledning", "--out", str(tmp_path))
    assert said.code == 0, said.err
    assert not (tmp_path / "mails").exists()
    assert list((tmp_path / "invites").glob("mote-*.ics"))


def test_the_exercise_with_mail_says_that_it_needs_it(tot: Tot) -> None:
    said = tot("demo", "--exit", "--no-mail", "--exercise", "kalendersvar")
    assert said.code == 1
    assert "--mail" in said.err
