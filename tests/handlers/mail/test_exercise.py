"""`tot demo --exit` plays an exercise without a page."""

from __future__ import annotations

from tests.bot.cli.conftest import Tot


def test_it_plays_and_says_what_came_of_it(tot: Tot) -> None:
    said = tot.does("demo", "--exit", "--no-mail", "--exercise", "veiledning")
    assert " kall til Slack. @utenforstaende ser " in said


def test_the_exercise_with_mail_says_that_it_needs_it(tot: Tot) -> None:
    said = tot("demo", "--exit", "--no-mail", "--exercise", "kalendersvar")
    assert said.code == 1
    assert "--mail" in said.err
