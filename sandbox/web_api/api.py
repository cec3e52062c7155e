"""The server's routes. A Web API call passes arguments, token, rate limit, fault, method and record."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from email.utils import formatdate

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from sandbox import channels
from sandbox.api_errors import ApiError
from sandbox.faults import Fault
from sandbox.model import Call, Json
from sandbox.socket.connections import Tasks
from sandbox.socket.interactions import Interactions, ResponseUrl
from sandbox.web_api import chat, conversations, files, users, views  # noqa: F401  (they register methods)
from sandbox.web_api.context import METHODS, Args, Context, Method, merged

_WITHOUT_TOKEN = frozenset({"blocks.validate"})
_BY_APP = "apps.connections.open"
#: Faults whose calls take effect first, and faults whose calls are held.
_AT_ONCE = frozenset({"slow", "5xx_after", "reset_after", "hang_after"})
_HELD = frozenset({"slow", "hang_before", "hang_after", "delayed"})
Outcome = tuple[Json | str, int]
Work = Callable[[], Outcome]
"""Carries out a call, and returns the answer's body and HTTP status."""


class WebApi:
    """Serves all of Slack's routes."""

    def __init__(
        self,
        context: Context,
        interactions: Interactions,
        tasks: Tasks,
        cut: Callable[[Request], None],
        bot_token: str,
        app_token: str,
    ) -> None:
        self._context = context
        self._interactions = interactions
        self._tasks = tasks
        self._cut = cut
        self._bot_token = bot_token
        self._app_token = app_token
        self._posted: dict[str, float] = {}

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        arguments = await merged(request)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        call = self._note(method, arguments)
        try:
            handler = METHODS.get(method)
            if handler is None:
                raise ApiError("unknown_method", req_method=method)
            self._check_token(method, token.strip() if scheme.lower() == "bearer" else "")
        except ApiError as refusal:
            return self._finish(call, refusal.answer())
        if method == "chat.postMessage" and self._posts_too_fast(str(arguments.get("channel", ""))):
            return self._limited(call, 1)
        return await self._meet_fault(
            request, call, lambda: _api_outcome(handler, self._context, Args(arguments))
        )

    def _check_token(self, method: str, token: str) -> None:
        if method in _WITHOUT_TOKEN and not token:
            return
        if not token:
            raise ApiError("not_authed")
        if token not in (self._bot_token, self._app_token):
            raise ApiError("invalid_auth")
        if (token == self._app_token) != (method == _BY_APP):
            raise ApiError("not_allowed_token_type")

    def _posts_too_fast(self, target: str) -> bool:
        """Return whether a channel is posted to a second time within a second; otherwise note the post.

        Source: https://docs.slack.dev/reference/methods/chat.postMessage. Slack allows short bursts.
        """
        if not self._context.ws.settings.rate_limits:
            return False
        channel, now = self._context.channel_of(target), time.monotonic()
        if now - self._posted.get(channel, 0.0) < 1.0:
            return True
        self._posted[channel] = now
        return False

    def _note(self, method: str, arguments: Json) -> Call:
        """Start the record of a call, including calls outside /api, such as to a response_url."""
        ws = self._context.ws
        call = Call(method, arguments, None, None, ws.clock.now().isoformat(timespec="milliseconds"))
        ws.calls.append(call)
        return call

    async def _meet_fault(self, request: Request, call: Call, work: Work) -> Response:
        """Do the work and answer, or as an active fault demands."""
        faults = self._context.ws.faults
        fault = faults.hit(call.method, call.arguments)
        if fault is None:
            return self._finish(call, *work())
        call.fault = fault.kind
        if fault.kind == "ratelimited":
            return self._limited(call, fault.retry_after)
        if fault.kind == "error":
            return self._finish(call, {"ok": False, "error": fault.code})
        if fault.kind == "late":
            self._tasks.start(self._land_late(fault, work))
            return self._reset(request)
        outcome = work() if fault.kind in _AT_ONCE else None
        if fault.kind in _HELD:
            await faults.hold(fault)
        if fault.kind == "delayed":
            outcome = work()
        if outcome is not None and fault.kind in ("slow", "delayed"):
            return self._finish(call, *outcome)
        if fault.kind.startswith("5xx"):
            return self._finish(call, "upstream connect error or disconnect", fault.status)
        return self._reset(request)

    async def _land_late(self, fault: Fault, work: Work) -> None:
        await self._context.ws.faults.hold(fault)
        work()

    def _limited(self, call: Call, wait: int) -> Response:
        response = self._finish(call, {"ok": False, "error": "ratelimited"}, 429)
        response.headers["retry-after"] = str(wait)
        return response

    def _reset(self, request: Request) -> Response:
        self._cut(request)
        # Nobody reads it: the connection is gone.
        return Response()

    def _finish(self, call: Call, body: Json | str, status: int = 200) -> Response:
        call.answer, call.status = body, status
        self._context.ws.changes.notify()
        if isinstance(body, str):
            return PlainTextResponse(body, status)
        # A copy: later changes to the workspace must not change what was answered.
        call.answer = json.loads(json.dumps(body))
        scopes = ",".join(sorted(self._context.ws.manifest.scopes))
        # The real time, even if the sandbox's clock has been moved.
        headers = {"x-oauth-scopes": scopes, "date": formatdate(usegmt=True)}
        return JSONResponse(body, status, headers=headers)

    def app(self, page: ASGIApp | None) -> Starlette:
        """Return the ASGI application, with the page, if any, at its root."""
        routes: list[BaseRoute] = [
            Route("/api/{method}", self._call, methods=["GET", "POST"]),
            WebSocketRoute("/link", self._context.sockets.serve),
            Route("/respond/{key}", self._respond, methods=["POST"]),
            Route("/upload/v1/{file_id}", self._upload, methods=["POST"]),
        ]
        if page is not None:
            routes.append(Mount("/", page))
        return Starlette(routes=routes)

    async def _respond(self, request: Request) -> Response:
        body: Json = json.loads(await request.body())
        call = self._note("response_url", body)

        def work() -> tuple[str, int]:
            try:
                self._answer(self._context.tokens.use_response_url(request.path_params["key"]), body)
            except ApiError as refusal:
                return refusal.code, 404 if refusal.code in _GONE else 400
            return "ok", 200

        return await self._meet_fault(request, call, work)

    def _answer(self, url: ResponseUrl, body: Json) -> None:
        if not (body.get("text") or body.get("blocks")):
            raise ApiError("no_text")
        self._interactions.show_answer(url.user, self._context.ws.channels[url.channel], body)

    async def _upload(self, request: Request) -> Response:
        file = self._context.ws.files.get(request.path_params["file_id"])
        if file is None or file.uploaded:
            return PlainTextResponse("not found", 404)
        content = await request.body()
        call = self._note("upload", {"file": file.id, "name": file.name, "length": len(content)})

        def work() -> tuple[str, int]:
            channels.receive_upload(file, content)
            return f"OK - {len(content)}", 200

        return await self._meet_fault(request, call, work)


def _api_outcome(handler: Method, context: Context, args: Args) -> Outcome:
    try:
        return {"ok": True, **handler(context, args)}, 200
    except ApiError as refusal:
        return refusal.answer(), 200


_GONE = ("expired_url", "used_url", "invalid_url")
