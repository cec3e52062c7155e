"""By mail too, an answer about a proposed time is the answer to the call and to the move."""

from __future__ import annotations

import email

from sandbox.exercises import EXERCISES
from tests.handlers.mail.kit import EXIT, WELFARE, playing

EXERCISE = EXERCISES["avstemt-tid"]


async def test_whoever_has_said_that_the_time_suits_is_told_that_they_come(sqlite_database_url: str) -> None:
    async with playing(sqlite_database_url, starts=EXERCISE.STARTS) as (_, runner, mail_servers):
        await EXERCISE.play(runner)
        of = {to: [m for m in mail_servers.sent if m.recipient == to] for to in (EXIT, WELFARE)}
        said = {to: [_text(mail.raw) for mail in mails] for to, mails in of.items()}
        # The first meeting; the one that was called; the same, moved.
        (_, called, moved) = said[EXIT]
        assert "Du er meldt på møtet, og trenger ikke å svare." in called
        assert "Du er meldt på som det nå er, og trenger ikke å svare." in moved
        assert "på nytt" not in moved
        assert "Du er invitert til et møte." in said[WELFARE][1], "they had not chosen that time"
        assert mail_servers.invited(EXIT)[-1].partstat == "ACCEPTED"


def _text(raw: bytes) -> str:
    plain = next(p for p in email.message_from_bytes(raw).walk() if p.get_content_type() == "text/plain")
    content = plain.get_payload(decode=True)
    assert isinstance(content, bytes)
    return " ".join(content.decode().split())
