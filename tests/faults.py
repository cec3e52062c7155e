"""The table of faults in docs/operate.md: what log, health, doctor and exit code say, and the test of it.

`python -m tests.faults` writes it into the page. A row without a test fails, as does a test that is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "operate.md"
HEADING = "## What a fault looks like"
COLUMNS = (
    "fault",
    "start: what it says, and exit code",
    "running: log",
    "`/healthz`",
    "`tot doctor`",
    "test",
)
PULSE, CLI, GONE = "tests/e2e/test_pulse.py", "tests/bot/cli/test_start_faults.py", "tests/e2e/test_gone.py"
DEAF, OUT_OF_ORDER = "tests/e2e/test_deaf.py", "tests/e2e/test_out_of_order.py"
DOCTOR, QUEUE = "tests/bot/cli/test_doctor.py", "tests/e2e/test_queue.py"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: what is said of it at the start, in the log, in health and by doctor («–»: nothing)."""

    name: str
    start: str = "–"
    log: str = "–"
    health: str = "–"
    doctor: str = "–"
    tests: tuple[str, ...] = ()

    @property
    def row(self) -> tuple[str, ...]:
        held_by = ", ".join(f"`{test}`" for test in self.tests)
        return self.name, self.start, self.log, self.health, self.doctor, held_by


FAULTS = (
    *(
        Fault(
            *(f"a wrong `{setting}`", f"«{setting} is refused by Slack (invalid_auth) …», 1"),
            doctor="«Slack refuses it: invalid_auth»",
            tests=(
                f"{PULSE}::test_a_wrong_token_ends_the_start_in_one_line",
                f"{DOCTOR}::test_a_wrong_setting_is_found",
            ),
        )
        for setting in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    ),
    Fault(
        *("Slack cannot be reached, or answers 5xx or 429", "waits", "`slack.waiting`", "`slack`"),
        doctor="«cannot be reached», «HTTP 503»",
        tests=(
            f"{PULSE}::test_slack_is_waited_for_and_sigterm_heeded_meanwhile",
            f"{DOCTOR}::test_a_wrong_setting_is_found",
            f"{DOCTOR}::test_a_slack_that_answers_oddly",
        ),
    ),
    Fault(
        *("the token is revoked while it runs", "–", "`slack.unusable`", "`slack`"),
        doctor="«Slack refuses it: token_revoked»",
        tests=(
            f"{PULSE}::test_what_turns_health_red_and_green_again",
            f"{DOCTOR}::test_a_token_that_is_revoked",
        ),
    ),
    Fault(
        *("the socket is lost", "–", "`socket.lost`, `socket.back`", "`socket`"),
        tests=(f"{PULSE}::test_what_turns_health_red_and_green_again",),
    ),
    Fault(
        *(
            "the socket stands still, is deaf, or no new one comes about",
            "–",
            "`socket.lost`, `socket.refused`",
        ),
        health="`socket`; a deaf one is replaced within five minutes",
        tests=(f"{DEAF}::test_nothing_that_slack_sends_again_is_lost",),
    ),
    Fault(
        *("somebody takes the app out of the workspace", "–", "`slack.unusable`", "`slack`: app_uninstalled"),
        tests=(f"{DEAF}::test_the_app_that_is_taken_out_of_the_workspace_says_so",),
    ),
    Fault(
        *("Slack refuses the whole app for a while", "«slack.waiting», waits", "`slack.unusable`", "`slack`"),
        tests=(f"{OUT_OF_ORDER}::test_it_all_arrives_once", f"{OUT_OF_ORDER}::test_the_start_waits_for_it"),
    ),
    Fault(
        *("Slack refuses a summons for good", "–", "`delivery.refused`", "`deliveries`, with its kind"),
        tests=(f"{OUT_OF_ORDER}::test_what_is_one_persons_is_told_and_seen_by_the_operator",),
    ),
    Fault(
        *("the disk is full; another program holds the write lock", "–", "–", "`database`"),
        tests=(f"{PULSE}::test_what_turns_health_red_and_green_again",),
    ),
    Fault(
        *("the disk is full at the start", "«… disk I/O error: is its disk full, or read-only?», 1"),
        doctor="the same",
        tests=(f"{PULSE}::test_a_full_disk_ends_the_start_in_one_line",),
    ),
    Fault(
        *("the database becomes read-only while it runs", "–", "`task.failed`", "`database`, `task`"),
        tests=(f"{PULSE}::test_a_database_that_becomes_read_only_is_seen",),
    ),
    Fault(
        *("PostgreSQL stops, and is started again, while it runs", "–", "`task.failed`"),
        health="`database`, `task`, until it is back",
        tests=(f"{PULSE}::test_a_server_that_is_stopped_is_seen_and_waited_for",),
    ),
    Fault(
        "the database's file, or the key store's, is moved or removed while it runs",
        health="`database` (FileGone)",
        tests=(f"{GONE}::test_a_file_that_is_gone_is_seen",),
    ),
    Fault(
        "there is no database of that name",
        "«there is no database file …», 1",
        doctor="the same",
        tests=(
            f"{PULSE}::test_a_mistyped_database_leaves_no_empty_file",
            f"{DOCTOR}::test_a_wrong_setting_is_found",
        ),
    ),
    Fault(
        "the port of the pulse is taken",
        "«TOT_HEALTH_PORT … cannot be listened on», 1",
        tests=(f"{PULSE}::test_a_port_that_is_taken_is_told_in_one_line",),
    ),
    Fault(
        "two processes on one SQLite file",
        "«another `tot run` works on …», 1",
        tests=(f"{PULSE}::test_a_second_process_on_one_file_is_refused",),
    ),
    Fault(
        *("a flipped byte, a kind of another version", "–", "`outbox.set-aside`"),
        health="`outbox`",
        tests=(f"{QUEUE}::test_rows_that_cannot_be_read_stop_nothing_and_are_told",),
    ),
    Fault(
        *("a key store from before a case was opened", "–", "`outbox.set-aside`, `job.failed`"),
        health="`outbox`, `task`",
        tests=(f"{QUEUE}::test_a_key_store_from_before_a_case_costs_that_case_alone",),
    ),
    Fault(
        *("a case whose key is lost", "–", "`job.failed`", "`task`"),
        tests=(f"{QUEUE}::test_a_case_whose_key_is_lost_costs_itself_until_it_is_written_off",),
    ),
    Fault(
        *("a long-lived task fails, in ten ways", "–", "`task.failed`", "`task`"),
        tests=(f"{PULSE}::test_a_task_that_fails_is_begun_again_logged_and_seen",),
    ),
    Fault(
        *("the key store is busy when a case is deleted", "–", "`erasing.failed`", "`erasing`"),
        tests=("tests/e2e/test_erasing.py::test_a_key_store_that_was_busy_loses_the_key_later",),
    ),
    Fault(
        *("Slack refuses a deletion", "–", "`deletion.refused`", "`erasing`"),
        tests=(
            "tests/e2e/test_erasing.py::test_a_case_that_slack_does_not_let_be_erased_is_seen",
            "tests/e2e/test_left_standing.py"
            "::test_links_go_after_fourteen_days_and_the_reminder_stays_until_somebody_has_cleared",
        ),
    ),
    *(
        Fault(
            f"the machine's clock is an hour {way}",
            log="`clock.wrong`",
            health=f"`clock`: «… {'ahead of' if way == 'ahead' else way} Slack's»",
            doctor="«differs by … seconds from Slack's»",
            tests=(
                "tests/e2e/test_clock.py::test_a_clock_that_is_wrong_posts_nothing_twice_and_is_told",
                f"{DOCTOR}::test_a_slack_that_answers_oddly",
            ),
        )
        for way in ("ahead", "behind")
    ),
)
STARTS: dict[str, tuple[str, str]] = {
    "the key store is gone, or empty": ("store_gone", "is empty or not there, but the database is not"),
    "the key store is another installation's": ("store_of_another", "is another database's key store"),
    "the key store cannot be read": ("store_unreadable", "does not work: file is not a database"),
    "the key store is a folder": ("store_is_a_folder", "does not work: unable to open database file"),
    "the key store is read-only": ("store_read_only", "does not work: attempt to write a readonly database"),
    "the database is read-only": (
        *("database_read_only", "the database does not work: attempt to write a readonly database"),
    ),
    "the database cannot be read": (
        "database_unreadable",
        "the database does not work: file is not a database",
    ),
    "the database is empty": ("database_empty", "the database has no tables yet: run `tot migrate`"),
    "another program holds the write lock for more than 5 s": (
        "database_locked",
        "the database does not work: database is locked",
    ),
    "the folder of the database is read-only": ("no_lock", ".lock cannot be written"),
}
#: What `tot doctor`, which writes nothing, does not meet.
UNSEEN = frozenset({"database_locked", "no_lock"})


def rows() -> list[tuple[str, ...]]:
    """Every row of the table."""
    test = f"{CLI}::test_what_keeps_it_from_starting"
    starts = (
        Fault(name, f"«… {said}», 1", doctor="–" if how in UNSEEN else "the same", tests=(test,))
        for name, (how, said) in STARTS.items()
    )
    return [fault.row for fault in (*FAULTS, *starts)]


def table() -> str:
    """The table as it stands in the page."""
    lines = [COLUMNS, tuple("---" for _ in COLUMNS), *rows()]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def written(page: str) -> str:
    """The page with the table as it should be."""
    before, heading, after = page.partition(f"{HEADING}\n")
    assert heading, f"docs/operate.md has no {HEADING}"
    section, following, rest = after.partition("\n## ")
    text = section.partition("\n|")[0].strip()
    return f"{before}{heading}{text}\n\n{table()}{following}{rest}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
