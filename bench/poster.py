"""A bare HTTP client that posts messages at given moments: what due → Slack call is measured against.

Reads moments (UNIX seconds) from standard input, a line each. A message's text is when it was sent, and how
many seconds the disk took just before to keep one page: what every commit has to wait for.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time

import aiohttp


def _flush() -> float:
    began = time.perf_counter()
    with tempfile.TemporaryFile() as file:
        file.write(bytes(4096))
        file.flush()
        os.fdatasync(file.fileno())
    return time.perf_counter() - began


async def main(channel: str) -> None:
    """Post to this channel at every moment, over one session."""
    url = os.environ["SLACK_API_BASE_URL"] + "chat.postMessage"
    headers = {"Authorization": f"Bearer {os.environ['SLACK_BOT_TOKEN']}"}
    activity = [float(line) for line in sys.stdin]
    async with aiohttp.ClientSession(headers=headers) as session:
        for moment in activity:
            await asyncio.sleep(moment - time.time())
            flushed = await asyncio.to_thread(_flush)
            body = {"channel": channel, "text": f"{time.time():.6f} {flushed:.6f}"}
            async with session.post(url, json=body) as answer:
                await answer.read()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
