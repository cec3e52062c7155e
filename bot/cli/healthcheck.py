"""`tot healthcheck`: the pulse of a bot on this machine, for a container or a script."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from bot.cli.console import fail, listed, say
from bot.settings import Settings, SettingsError, load

#: Longer than the pulse waits for its database, in seconds.
_PATIENCE = 10.0


def check(*, ready: bool) -> None:
    """Leave with 0 if all is well, else with 1 and a line for each thing that is not.

    With `ready` alone: whether it can serve; that Slack is away does not count then.
    """
    port = load(Settings).health_port
    if port is None:
        raise SettingsError("TOT_HEALTH_PORT is missing: nobody can be asked")
    url = f"http://127.0.0.1:{port}/{'readyz' if ready else 'healthz'}"
    try:
        # Never by a proxy of the environment: it is this machine.
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(url, timeout=_PATIENCE) as well:
            say("Well.")
            listed(json.load(well).get("notes", []))
            return
    except urllib.error.HTTPError as answer:
        body = answer.read()
    except OSError:
        raise fail(f"nothing answers on port {port}: the bot does not run, or it has just begun") from None
    try:
        reasons = json.loads(body).get("reasons", [])
    except ValueError:
        reasons = []
    raise fail(*(reasons or ["not ready"]))
