"""Many quick values in one test: a test for each costs some three milliseconds."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any


def every(names: str | tuple[str, ...], values: Iterable[Any]) -> Callable[[Callable[..., None]], Any]:
    """Like `pytest.mark.parametrize`, but one test tries all values and reports each failure.

    Only for tests without side effects, since fixtures are made once for all values.
    """
    args = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    tried = list(values)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def each(*given: Any, **fixtures: Any) -> None:
            assert tried, "there is nothing to try"
            failed: list[Exception] = []
            for value in tried:
                with_value = dict(zip(args, value if len(args) > 1 else (value,), strict=True))
                try:
                    test(*given, **fixtures, **with_value)
                except Exception as error:
                    error.add_note(f"with {', '.join(f'{k}={v!r:.200}' for k, v in with_value.items())}")
                    failed.append(error)
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(tried)} failed", failed)

        signature = inspect.signature(test)
        left = [parameter for name, parameter in signature.parameters.items() if name not in args]
        each.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
        return each

    return decorate
