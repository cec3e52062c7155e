"""The Slack checks of `tot doctor`: tokens, scopes, clock, and whether the partners are in the workspace."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.cli.manifest import scopes
from bot.logs import quiet_libraries
from bot.settings import HINTS, Settings
from storage.findings import Finding, fine, look, wrong

TIME_OUT = 10
#: Seconds by which this machine's clock may differ from Slack's.
CLOCK_MARGIN = 30

_MEND = {
    "invalid_auth": HINTS["SLACK_BOT_TOKEN"],
    "not_authed": HINTS["SLACK_BOT_TOKEN"],
    "token_revoked": "reinstall the app, and use its new Bot User OAuth Token",
    "account_inactive": "reinstall the app, and use its new Bot User OAuth Token",
    "token_expired": "token rotation must be off: create the app from `tot manifest`",
}


def examine_slack(settings: Settings, slack_ids: Sequence[str]) -> Iterator[Finding]:
    """Check everything that can be asked of Slack without a change."""
    quiet_libraries()
    client = WebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_base_url,
        timeout=TIME_OUT,
        retry_handlers=[],
    )
    what = "Bot token"
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = code_of(error)
        mend = _MEND.get(code, "see docs.slack.dev/reference/methods/auth.test and slack-status.com")
        yield wrong(what, f"Slack refuses it: {code}", mend)
        return
    except (OSError, ValueError) as error:
        mend = "open the way to slack.com and wss-primary.slack.com, port 443, or set HTTPS_PROXY"
        yield wrong("Slack", f"cannot be reached: {_reason(error)}", mend)
        return
    yield fine(what, f"workspace {answer.get('team')}")
    yield _clock(answer)
    yield from _scopes(answer)
    yield _app_token(client, settings)
    yield from _people(client, slack_ids)


def code_of(error: SlackApiError) -> str:
    """Return Slack's error code, or the HTTP status if the answer was plain text and not Slack's JSON."""
    data = error.response.data
    code = str(data.get("error")) if isinstance(data, dict) else ""
    return code if re.fullmatch("[a-z_]+", code) else f"HTTP {error.response.status_code}"


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", None) or type(error).__name__)


def header_of(answer: SlackResponse, name: str) -> str:
    """Return a header's value. Header names come in any case."""
    return str({key.lower(): value for key, value in answer.headers.items()}.get(name, ""))


def _clock(answer: SlackResponse) -> Finding:
    try:
        theirs = parsedate_to_datetime(header_of(answer, "date"))
    except ValueError:
        return look("Clock", "Slack did not say what time it is", "check it by hand: timedatectl")
    seconds = abs((datetime.now(UTC) - theirs).total_seconds())
    if seconds > CLOCK_MARGIN:
        mend = "set it, and keep it set: systemctl enable --now systemd-timesyncd"
        return wrong("Clock", f"differs by {seconds:.0f} seconds from Slack's", mend)
    return fine("Clock", "agrees with Slack's")


def _scopes(answer: SlackResponse) -> Iterator[Finding]:
    granted = {scope.strip() for scope in header_of(answer, "x-oauth-scopes").split(",") if scope.strip()}
    needed = scopes()
    update = "paste `tot manifest` into the app's manifest, and reinstall the app"
    if missing := sorted(needed - granted):
        yield wrong("Scopes", f"missing: {', '.join(missing)}", update)
    elif needed:
        yield fine("Scopes", "as in the manifest")
    if more := sorted(granted - needed):
        yield look("Scopes", f"more than the bot uses: {', '.join(more)}", update)


def _app_token(client: WebClient, settings: Settings) -> Finding:
    what = "App token"
    try:
        client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SlackApiError as error:
        code = code_of(error)
        if code == "forbidden_team":
            mend = "turn it on in the app's settings (`tot manifest` has it on)"
            return wrong(what, "Socket Mode is off", mend)
        return wrong(what, f"Slack refuses it: {code}", HINTS["SLACK_APP_TOKEN"])
    except (OSError, ValueError) as error:
        return wrong(what, f"could not be checked: {_reason(error)}", "try again")
    return fine(what, "opens a socket")


def _people(client: WebClient, slack_ids: Sequence[str]) -> Iterator[Finding]:
    """Look up the partners who are reached in Slack."""
    what = "People"
    found = 0
    for slack_id in slack_ids:
        try:
            user: dict[str, Any] = client.users_info(user=slack_id).get("user") or {}
        except SlackApiError as error:
            code = code_of(error)
            if code not in ("user_not_found", "user_not_visible"):
                yield look(what, f"could not be looked up: {code}", "try again in a minute")
                return
            yield wrong(
                what, f"{slack_id} is not in this workspace", "correct the partners file and import it"
            )
            continue
        except (OSError, ValueError) as error:
            yield look(what, f"could not be looked up: {_reason(error)}", "try again")
            return
        found += 1
        yield from _one(slack_id, user)
    if found:
        yield fine(what, f"{found} of {len(slack_ids)} Slack ids of partners are in the workspace")


def _one(slack_id: str, user: dict[str, Any]) -> Iterator[Finding]:
    what, rung = "People", "leave the slack_id out, so that they are rung"
    if user.get("deleted"):
        yield wrong(what, f"{slack_id} is deactivated", "replace them in the partners file and import it")
    elif user.get("is_bot"):
        yield wrong(what, f"{slack_id} is a bot", "name a person instead in the partners file")
    elif user.get("is_ultra_restricted"):
        found = f"{slack_id} is a single-channel guest, who can be in only one room"
        yield look(what, found, f"make them a multi-channel guest, or {rung}")
    elif user.get("is_stranger"):
        yield look(what, f"{slack_id} is in Slack Connect, which has not been tested", rung)
