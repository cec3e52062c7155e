"""Errors of the Web API."""

from __future__ import annotations

from sandbox.model import Json


class ApiError(Exception):
    """A call is answered with `ok: false` and this error code."""

    def __init__(self, code: str, *messages: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.more: Json = dict(more)

    def answer(self) -> Json:
        body: Json = {"ok": False, "error": self.code, **self.more}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body


class BadBlocks(ApiError):
    """Blocks or a view break Slack's rules; each message has a JSON pointer."""

    def __init__(self, code: str, messages: list[str]) -> None:
        bare = [message.removeprefix("[ERROR] ") for message in messages]
        super().__init__(code, *messages, errors=bare)
