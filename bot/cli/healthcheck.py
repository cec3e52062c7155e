"""`tot healthcheck`: the health of the bot on this machine, for a container or a script."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from bot.cli.console import ATTENTION, fail, say
from bot.settings import Settings, SettingsError, load

#: Seconds; longer than the health endpoint waits for its database.
_PATIENCE = 10.0


def check(*, ready: bool) -> None:
    """Exit with 1 and a line for each problem that stops people, or 3 and a line for each that can wait.

    With `ready`, only check whether the bot can serve.
    """
    port = load(Settings).health_port
    if port is None:
        raise SettingsError("TOT_HEALTH_PORT is missing: set it, so that the bot can be asked")
    url = f"http://127.0.0.1:{port}/{'readyz' if ready else 'healthz'}"
    try:
        # Ignore the environment's proxies: the request stays on this machine.
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(url, timeout=_PATIENCE) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as refusal:
        found = json.load(refusal)
        raise fail(*(found.get("reasons") or ["not ready"]), *found.get("attention", [])) from None
    except OSError:
        raise fail(f"nothing answers on port {port}: the bot is not running, or has just started") from None
    if attention := found.get("attention"):
        raise fail(*attention, code=ATTENTION)
    say("Well.", *found.get("notes", []))
