"""Which errors are told in one line; every other one is a fault of the program, and shows its traceback."""

from __future__ import annotations

from bot.domain.errors import TotError


def in_one_line(error: Exception) -> str | None:
    """What to tell the operator, or None. No value of a setting and no content is repeated."""
    if isinstance(error, TotError):
        return str(error)
    return _of_a_database(error) or _of_slack(error)


def _of_a_database(error: Exception) -> str | None:
    from sqlalchemy.exc import ArgumentError, DBAPIError

    if isinstance(error, ArgumentError):
        return "DATABASE_URL is not the address of a database"
    if not isinstance(error, DBAPIError):
        return None
    # The driver's own first line: «unable to open database file», «connection refused».
    first = (str(error.orig).strip().splitlines() or ["it does not say why"])[0]
    return f"the database does not work: {first}"


def _of_slack(error: Exception) -> str | None:
    import aiohttp
    from slack_sdk.errors import SlackApiError

    if isinstance(error, SlackApiError):
        code = error.response.get("error") if isinstance(error.response.data, dict) else None
        return f"Slack refuses: {code or 'no reason given'}; `tot doctor` tells what to do"
    if isinstance(error, aiohttp.ClientError | TimeoutError):
        return f"Slack cannot be reached ({type(error).__name__}); `tot doctor` tells more"
    return None
