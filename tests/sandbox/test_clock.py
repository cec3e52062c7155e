"""Moving the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sandbox import MovableClock

HOUR = timedelta(hours=1)


def about(when: datetime) -> bool:
    return abs(when - datetime.now(UTC)) < timedelta(seconds=2)


def test_it_moves_by_and_to() -> None:
    clock = MovableClock()
    moves: list[timedelta] = []
    clock.on_move(lambda: moves.append(clock.offset))
    clock.move(HOUR)
    assert about(clock.now() - HOUR)
    clock.move(-HOUR * 2)
    assert about(clock.now() + HOUR)
    clock.move_to(datetime(2030, 1, 1, tzinfo=UTC))
    assert clock.now().year == 2030
    assert moves[:2] == [HOUR, -HOUR]


def test_held_it_stands_still_and_goes_on_from_there() -> None:
    clock = MovableClock()
    clock.move_to(datetime(2030, 1, 1, tzinfo=UTC))
    with clock.held():
        at, real = clock.now(), datetime.now(UTC)
        while datetime.now(UTC) == real:
            pass
        assert clock.now() == at
        assert about(at - clock.offset)
    assert at <= clock.now() < at + timedelta(seconds=2)
