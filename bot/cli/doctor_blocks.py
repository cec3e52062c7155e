"""`tot doctor --blocks`: ask Slack's blocks.validate of each message and form whether it would refuse it.

Nothing is posted: blocks.validate only checks. It needs no token, so it gets none; the samples are of a
made-up case. https://docs.slack.dev/reference/methods/blocks.validate
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.cli.console import say
from bot.cli.doctor_slack import TIME_OUT, code_of
from bot.settings import Settings
from storage.findings import Finding, fine, look, wrong

#: Each line has the argument of blocks.validate, a name, and the message or view.
SAMPLES = Path(__file__).parents[1] / "data" / "samples.jsonl"
WHAT = "Messages and forms"
#: Seconds between calls. Slack says «special rate limits» and gives no number.
PAUSE = 1.0
#: How often Slack may ask to wait before the check is given up.
PATIENCE = 2
_REPORT = "report it: people would not get this. A newer version may have fixed it"
_REFUSED = frozenset({"invalid_message", "invalid_view"})


def examine_blocks(settings: Settings, path: Path = SAMPLES, *, pause: float = PAUSE) -> Iterator[Finding]:
    """Send each sample to Slack, `pause` seconds apart; all take about four minutes."""
    client = WebClient(
        base_url=settings.slack_api_base_url,
        timeout=TIME_OUT,
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=PATIENCE)],
    )
    samples = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    refused = 0
    say(f"Slack checks {len(samples)} messages and forms, one a second …")
    for number, (argument, name, shown) in enumerate(samples):
        time.sleep(pause if number else 0)
        try:
            errors = _errors(client, argument, shown)
        except SlackApiError as error:
            yield look(WHAT, f"checked {number} of {len(samples)}, then: {code_of(error)}", "try later")
            return
        except (OSError, ValueError) as error:
            yield look(WHAT, f"checked {number}, then: {type(error).__name__}", "try again")
            return
        if errors:
            refused += 1
            kind = "message" if argument == "message" else "form"
            yield wrong(WHAT, f"Slack would refuse the {kind} {name}: {'; '.join(errors)}", _REPORT)
    if not refused:
        yield fine(WHAT, f"Slack would accept all {len(samples)}; nothing was posted")


def _errors(client: WebClient, argument: str, shown: Any) -> list[str]:
    """Return what Slack finds wrong, each with its JSON pointer."""
    try:
        client.api_call("blocks.validate", json={argument: json.dumps(shown, ensure_ascii=False)})
    except SlackApiError as error:
        if (code := code_of(error)) not in _REFUSED:
            raise
        told = [each for each in error.response.get("errors") or () if isinstance(each, dict)]
        return [f"{each.get('pointer')} {each.get('message')}" for each in told] or [code]
    return []
