"""Files: uploaded in three steps, shared, read, deleted."""

from __future__ import annotations

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.kit import refused, room


async def test_an_upload_in_three_steps(sandbox: Sandbox, api: AsyncWebClient) -> None:
    rom = await room(sandbox, api, "udi")
    uploaded = await api.files_upload_v2(
        channel=rom,
        filename="mote.ics",
        content="BEGIN:VCALENDAR",
        initial_comment="Innkalling",
        title="Møte",
    )
    file_id = uploaded["file"]["id"]
    assert sandbox.person("udi").reads("rom-k7f3")[-1] == "Innkalling\n📎 mote.ics"
    info = (await api.files_info(file=file_id))["file"]
    assert (info["title"], info["mimetype"], info["groups"]) == ("Møte", "text/calendar", [rom])
    async with aiohttp.ClientSession() as http:
        headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
        content = await (await http.get(info["url_private"], headers=headers)).read()
        refusal = await http.get(info["url_private"])
    assert content == b"BEGIN:VCALENDAR"
    assert refusal.status == 403
    assert [f["id"] for f in (await api.files_list(channel=rom))["files"]] == [file_id]
    await api.files_delete(file=file_id)
    await refused(api.files_delete(file=file_id), "file_deleted")
    assert sandbox.person("udi").reads("rom-k7f3")[-1] == "Innkalling\n📎 (slettet fil)"


async def test_bytes_may_come_as_multipart(sandbox: Sandbox, api: AsyncWebClient) -> None:
    start = await api.files_getUploadURLExternal(filename="a.txt", length=3)
    form = aiohttp.FormData()
    form.add_field("file", b"abc", filename="a.txt")
    async with aiohttp.ClientSession() as http:
        answer = await http.post(start["upload_url"], data=form)
        assert await answer.text() == "OK - 3"
        assert (await http.post(start["upload_url"], data=form)).status == 404
    await api.files_completeUploadExternal(files=[{"id": start["file_id"], "title": "a"}])
    assert sandbox.workspace.files[start["file_id"]].content == b"abc"


async def test_a_picture_is_described(sandbox: Sandbox, api: AsyncWebClient) -> None:
    start = await api.files_getUploadURLExternal(filename="a.png", length=3, alt_txt="Et varmekart")
    async with aiohttp.ClientSession() as http:
        await http.post(start["upload_url"], data=b"abc")
    await api.files_completeUploadExternal(files=[{"id": start["file_id"], "title": "a"}])
    assert (await api.files_info(file=start["file_id"]))["file"]["alt_txt"] == "Et varmekart"
    await refused(
        api.files_getUploadURLExternal(filename="a.png", length=3, alt_txt="å" * 1001), "alt_txt_too_large"
    )


async def test_what_cannot_be_completed(sandbox: Sandbox, api: AsyncWebClient) -> None:
    await refused(api.files_getUploadURLExternal(filename="a", length=0), "invalid_arguments")
    start = await api.files_getUploadURLExternal(filename="a.txt", length=3)
    entry = {"id": start["file_id"], "title": "a"}
    await refused(api.files_completeUploadExternal(files=[entry]), "file_not_found")
    await refused(api.api_call("files.completeUploadExternal"), "invalid_arguments")
    async with aiohttp.ClientSession() as http:
        await http.post(start["upload_url"], data=b"abcd")
    await refused(api.files_completeUploadExternal(files=[entry]), "file_update_failed")
    public = (await api.conversations_create(name="apen"))["channel"]["id"]
    await api.conversations_leave(channel=public)
    await refused(api.files_upload_v2(channel=public, filename="a", content="b"), "not_in_channel")
    await refused(api.files_upload_v2(channel="C0NO", filename="a", content="b"), "channel_not_found")


async def test_other_peoples_files(sandbox: Sandbox, api: AsyncWebClient) -> None:
    rom = await room(sandbox, api, "udi")
    file = await sandbox.person("udi").uploads("notat.txt", b"hei", "rom-k7f3")
    assert (await api.files_info(file=file.id))["file"]["user"] == "U0UDI"
    await refused(api.files_delete(file=file.id), "cant_delete_file")
    await api.conversations_leave(channel=rom)
    await refused(api.files_info(file=file.id), "file_not_found")
    await refused(api.files_info(file="F0NOWHERE"), "file_not_found")
