"""A case is read once per transaction, and its file follows the transaction's changes."""

from __future__ import annotations

from bot.domain.case.entities import Case
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.language import Language
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import UnitOfWork
from storage.database import SqlDatabase
from tests.databases import SettableClock, open_database, sqlite_alone
from tests.storage.conftest import CARD, REMINDER, must_fail
from tests.storage.entities import CASE, LEADER, OFFICER, OPEN


def file_of(uow: UnitOfWork, case_id: str = CASE.id) -> CaseFile:
    file = uow.case_file(case_id)
    assert file is not None
    return file


def speaking(language: Language, uow: UnitOfWork) -> None:
    uow.change(file_of(uow).persons[OFFICER.id], language=language)


async def language(database: SqlDatabase) -> object:
    person = await database.read(lambda uow: uow.person_by_slack("U2"))
    assert person is not None
    return person.language


async def test_who_would_be_told_is_found_out_and_nothing_of_it_is_kept(
    database_url: str, clock: SettableClock
) -> None:
    """Also in a read, and in addition to the effects of a changed case."""

    def follow_up(uow: UnitOfWork, case_id: str) -> None:
        case = uow.get(Case, case_id)
        assert case is not None
        uow.enqueue(Notification(CARD.kind, case_id, case_id=case_id))
        if case.offered_to is not None:
            uow.enqueue(Notification(Kind.CASE_OFFERED, case_id, case_id, case.offered_to))

    def offer(uow: UnitOfWork) -> None:
        case = uow.get(Case, CASE.id)
        assert case is not None
        uow.enqueue(REMINDER)
        uow.change(case, offered_to=OFFICER.id)
        uow.case_changed(case.id)

    def tried(uow: UnitOfWork) -> list[str]:
        _, left = uow.would_tell(offer)
        return [each.key for each in left]

    database = open_database(database_url, clock, follow_up=follow_up)
    await database.write(lambda uow: uow.add(*OPEN))
    await database.outbox.claim(10)
    offered = Notification(Kind.CASE_OFFERED, CASE.id, CASE.id, OFFICER.id).key
    for run in (database.read, database.write):
        assert await run(tried) == [REMINDER.key, offered]
        kept = await database.read(lambda uow: uow.get(Case, CASE.id))
        assert kept is not None
        assert kept.offered_to == LEADER.id
    assert (await database.outbox.claim(10)).rows == []
    await database.close()


@sqlite_alone
async def test_what_follows_is_left_once_for_a_case_and_last(database_url: str, clock: SettableClock) -> None:
    """If it fails, nothing has happened."""
    followed: list[tuple[str, list[Notification], Language | None]] = []

    def follow_up(uow: UnitOfWork, case_id: str) -> None:
        if case_id == "broken":
            raise LookupError
        person = uow.get(Person, OFFICER.id)
        assert person is not None
        notifications = list(getattr(uow, "notifications"))  # noqa: B009 - of this implementation
        followed.append((case_id, notifications, person.language))
        uow.enqueue(Notification(CARD.kind, case_id, case_id=case_id))

    database = open_database(database_url, clock, follow_up=follow_up)
    await database.write(lambda uow: uow.add(*OPEN))
    assert followed == [(CASE.id, [], None)]
    for claim in (await database.outbox.claim(10)).rows:
        await database.outbox.end(claim)
    followed.clear()

    def both(uow: UnitOfWork) -> None:
        uow.enqueue(REMINDER)
        uow.case_changed("other")
        uow.case_changed(CASE.id)
        uow.case_changed("other")
        speaking(Language.EN, uow)

    other = Notification(CARD.kind, "other", case_id="other")
    await database.once(("a",), both)
    assert followed == [("other", [REMINDER], Language.EN), (CASE.id, [REMINDER, other], Language.EN)]
    claimed = await database.outbox.claim(10)
    assert {claim.notification.key for claim in claimed.rows} == {REMINDER.key, other.key, CARD.key}
    assert {claim.generation for claim in claimed.rows} == {1}

    def broken(uow: UnitOfWork) -> None:
        speaking(Language.NN, uow)
        uow.enqueue(CARD)
        uow.case_changed("broken")

    await must_fail(LookupError, database.write(broken))
    assert await language(database) == Language.EN
    assert (await database.outbox.claim(10)).rows == []
    await database.close()
