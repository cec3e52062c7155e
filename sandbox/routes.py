"""The server's addresses: the Web API, the WebSocket, response URLs, uploads and downloads."""

from __future__ import annotations

import json

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from sandbox import posts, uploads
from sandbox.errors import ApiError
from sandbox.interactions import Interactions, checked_answer
from sandbox.model import Ephemeral, Json, Message
from sandbox.pointers import ResponseUrl
from sandbox.web_api.desk import Desk
from sandbox.web_api.site import Site

_GONE = ("expired_url", "used_url", "invalid_url")


class Routes:
    """What answers at which address."""

    def __init__(self, site: Site, desk: Desk, interactions: Interactions) -> None:
        self._site = site
        self._desk = desk
        self._interactions = interactions

    def app(self, page: ASGIApp | None) -> Starlette:
        """The ASGI application, with the page, if any, at its root."""
        routes: list[BaseRoute] = [
            Route("/api/{method}", self._desk.answer, methods=["GET", "POST"]),
            WebSocketRoute("/link", self._site.sockets.serve),
            Route("/respond/{key}", self._respond, methods=["POST"]),
            Route("/upload/v1/{file_id}", self._upload, methods=["POST"]),
            Route("/files-pri/{file_id}/{name:path}", self._download, methods=["GET"]),
        ]
        if page is not None:
            routes.append(Mount("/", page))
        return Starlette(routes=routes)

    async def _respond(self, request: Request) -> Response:
        try:
            body: Json = json.loads(await request.body() or b"{}")
        except ValueError:
            return PlainTextResponse("invalid_payload", 400)
        call = self._desk.note("response_url", body)

        def work() -> tuple[str, int]:
            try:
                self._answer(self._site.pointers.use_response_url(request.path_params["key"]), body)
            except ApiError as refusal:
                return refusal.code, 404 if refusal.code in _GONE else 400
            return "ok", 200

        return await self._desk.meet_fault(request, call, work)

    def _answer(self, url: ResponseUrl, body: Json) -> None:
        ws = self._site.ws
        channel = ws.channels[url.channel]
        target = self._target(url)
        if body.get("delete_original"):
            if isinstance(target, Ephemeral):
                posts.unwhisper(ws, target)
            elif target is not None:
                posts.delete(ws, channel, target, self._site.bot)
            return
        if not (body.get("text") or body.get("blocks")):
            raise ApiError("no_text")
        if body.get("replace_original") and target is not None:
            text, blocks = checked_answer(body)
            if isinstance(target, Ephemeral):
                posts.change_whisper(ws, target, text, blocks)
            else:
                posts.change(ws, channel, target, self._site.bot, {"text": text, "blocks": blocks})
            return
        self._interactions.show_answer(url.user, channel, body)

    def _target(self, url: ResponseUrl) -> Message | Ephemeral | None:
        ws = self._site.ws
        if url.ephemeral:
            return next((e for e in ws.ephemerals if e.ts == url.message_ts and e.user == url.user), None)
        return ws.channels[url.channel].messages.get(url.message_ts)

    async def _upload(self, request: Request) -> Response:
        file = self._site.ws.files.get(request.path_params["file_id"])
        if file is None or file.uploaded:
            return PlainTextResponse("not found", 404)
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            async with request.form() as form:
                part = next((p for p in form.values() if isinstance(p, UploadFile)), None)
                content = await part.read() if part is not None else b""
        else:
            content = await request.body()
        call = self._desk.note("upload", {"file": file.id, "name": file.name, "length": len(content)})

        def work() -> tuple[str, int]:
            uploads.receive(file, content)
            return f"OK - {len(content)}", 200

        return await self._desk.meet_fault(request, call, work)

    async def _download(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        file = self._site.ws.files.get(request.path_params["file_id"])
        try:
            self._desk.check_token("files.info", token if scheme == "Bearer" else "")
        except ApiError as refusal:
            return PlainTextResponse(refusal.code, 403)
        if file is None or file.deleted or "files:read" not in self._site.ws.manifest.scopes:
            return PlainTextResponse("not found", 404)
        return Response(file.content, media_type="application/octet-stream")
