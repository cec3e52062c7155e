"""One sample of each message and form that the stories draw, which `tot doctor --blocks` shows to Slack.

The program cannot make them: it has no case at hand. `make samples` plays all stories for it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.cli.doctor_blocks import SAMPLES
from sandbox.workspace import Workspace

#: Environment variable: the folder in which stories keep what they have drawn.
FOLDER = "TOT_SAMPLES"
#: The argument of blocks.validate, the name, and the message or view.
Sample = tuple[str, str, Any]


def keep(workspace: Workspace, kinds: Mapping[str, str]) -> None:
    """Keep what a story has drawn, if that is asked for. `kinds` has the kind of each message, by op_id."""
    if folder := os.environ.get(FOLDER):
        lines = {_text(sample) for sample in _drawn(workspace, kinds)}
        with Path(folder, f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in sorted(lines)))


def _drawn(workspace: Workspace, kinds: Mapping[str, str]) -> Iterator[Sample]:
    shown: list[Any] = [delivery.answer for delivery in workspace.deliveries]
    for call in workspace.calls:
        shown.append(call.arguments)
        told = _read(call.arguments.get("metadata"))
        kind = kinds.get(told["event_payload"]["op_id"]) if call.ok and told else None
        if kind is not None and call.method == "chat.postMessage":
            yield "message", kind, {"blocks": _read(call.arguments["blocks"])}
    for each in shown:
        view = _read(each.get("view")) if isinstance(each, dict) else None
        if view:
            yield "view", view.get("callback_id", view["type"]), view


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def chosen(lines: Iterator[str]) -> str:
    """Return the file: for each name the sample with most sorts of parts; of these the shortest."""
    best: dict[tuple[str, str], tuple[int, int, str]] = {}
    for line in lines:
        argument, name, _ = json.loads(line)
        sorts = len(set(re.findall(r'"(?:type|style)":"\w+"', line)))
        best[argument, name] = min(best.get((argument, name), (0, 0, line)), (-sorts, len(line), line))
    return "".join(f"{best[name][2]}\n" for name in sorted(best))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        play = [sys.executable, "-m", "pytest", "-q", "tests/stories", *sys.argv[1:]]
        if failed := subprocess.run(play, env={**os.environ, FOLDER: folder}, check=False).returncode:
            return failed
        kept = (line for file in Path(folder).iterdir() for line in file.read_text("utf-8").splitlines())
        Path(str(SAMPLES)).write_text(chosen(kept), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
