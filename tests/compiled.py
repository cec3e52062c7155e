"""Share compiled SQL statements among engines of a kind, since each test has its own engine."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine


class _Compiled(dict[Any, Any]):
    """SQLAlchemy's cache, whose keys begin with an engine's dialect, shared by all dialects of a class."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), compiled)


_COMPILED = _Compiled()


def share() -> None:
    """Share the cache from now on, in this process."""

    make = Engine.__init__

    def made(engine: Engine, *given: Any, **more: Any) -> None:
        make(engine, *given, **more)
        # Not by an event: an engine with one takes half as long again for every statement.
        engine._compiled_cache = _COMPILED

    Engine.__init__ = made  # type: ignore[method-assign, assignment]
