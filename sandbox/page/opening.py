"""NiceGUI on the sandbox's own server: opened once in a process, showing one workspace after another."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import FastAPI
from nicegui import app, ui
from starlette.types import ASGIApp

from sandbox.page.show import Show
from sandbox.page.window import Look, Window

_LOOKS = Path(__file__).with_name("look.css")


class Page:
    """The page: `app` is what the sandbox serves at its root, `show` says of which workspace."""

    def __init__(self, served: ASGIApp) -> None:
        self.app = served
        self._show: Show | None = None

    def show(self, show: Show) -> None:
        """Shows this workspace from now on; windows that are open are loaded again."""
        self._show = show
        for client in list(app.clients("/")):
            with client:
                ui.navigate.reload()

    def draw(self, som: str, lang: str, mode: str) -> None:
        """Draws a window."""
        ui.add_css(_LOOKS)
        if self._show is None:
            ui.label("…")
            return
        Window(self._show, Look.read(self._show, som, lang, mode)).draw()


@contextlib.asynccontextmanager
async def opened() -> AsyncIterator[Page]:
    """A page, until the end of the block. NiceGUI can be started only once in a process."""
    shell = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    page = Page(shell)

    @ui.page("/")
    def window(som: str = "", lang: str = "nb", mode: str = "auto") -> None:
        page.draw(som, lang, mode)

    ui.run_with(
        shell,
        title="Sandkassen",
        favicon="🪣",
        dark=None,
        language="nb-NO",
        tailwind=False,
        show_welcome_message=False,
        storage_secret=None,
    )
    async with shell.router.lifespan_context(shell):
        yield page
