"""Somebody who answers a summons, in a process of their own.

`python -m tests.e2e.answering_process DATABASE_URL` opens the database and says «ready». For each line
«SLACK_ID ASK_ID ANSWER MOMENT» on its standard input it waits until the moment (seconds since 1970), answers,
and says what came of it: «answered», or the refusal's code with who was first.
"""

from __future__ import annotations

import asyncio
import sys
import time

from bot.clock import SystemClock
from bot.domain.case.entities import Answer, DeclineReason
from bot.domain.errors import Refused
from bot.usecases.answers import AnswerSummons, answer_summons
from bot.usecases.authorization import get_or_make_person
from storage.database import SqlDatabase
from tests.databases import open_database


async def work(database_url: str) -> None:
    database = open_database(database_url, SystemClock())
    await database.read(lambda uow: uow.teams())
    say("ready")
    while line := await asyncio.to_thread(sys.stdin.readline):
        slack_id, ask_id, answer, moment = line.split()
        await asyncio.to_thread(time.sleep, max(float(moment) - time.time(), 0.0))
        say(await _answered(database, slack_id, ask_id, Answer(answer)))
    await database.close()


async def _answered(database: SqlDatabase, slack_id: str, ask_id: str, answer: Answer) -> str:
    reason = DeclineReason.COURT if answer is Answer.DECLINED else None
    command = AnswerSummons(ask_id, answer, reason)
    try:
        await database.write(lambda uow: answer_summons(uow, get_or_make_person(uow, slack_id), command))
    except Refused as refusal:
        return f"{refusal.code} {refusal.details.get('by', '')}"
    return "answered"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
