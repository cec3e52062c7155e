"""Files: uploaded in three steps, shared, read, deleted."""

from __future__ import annotations

import aiohttp

from sandbox import Sandbox
from tests.sandbox.slack import Api, refused, room


async def test_an_upload_in_three_steps(sandbox: Sandbox, api: Api, rom: str) -> None:
    uploaded = await api.files_upload_v2(
        channel=rom,
        filename="mote.ics",
        content="BEGIN:VCALENDAR",
        initial_comment="Innkalling",
        title="Møte",
    )
    file_id = uploaded["file"]["id"]
    assert sandbox.person("udi").reads("rom-k7f3")[-1] == "Innkalling\n📎 mote.ics"
    file = sandbox.workspace.files[file_id]
    assert (file.title, file.content, file.channels) == ("Møte", b"BEGIN:VCALENDAR", [rom])
    await api.files_delete(file=file_id)
    await refused(api.files_delete(file=file_id), "file_deleted")
    assert sandbox.person("udi").reads("rom-k7f3")[-1] == "Innkalling\n📎 (slettet fil)"


async def test_a_picture_is_described(sandbox: Sandbox, api: Api) -> None:
    start = await api.files_getUploadURLExternal(filename="a.png", length=3, alt_txt="Et varmekart")
    async with aiohttp.ClientSession() as http:
        await http.post(start["upload_url"], data=b"abc")
    await api.files_completeUploadExternal(files=[{"id": start["file_id"], "title": "a"}])
    assert sandbox.workspace.files[start["file_id"]].alt == "Et varmekart"
    too_long = api.files_getUploadURLExternal(filename="a.png", length=3, alt_txt="å" * 1001)
    await refused(too_long, "alt_txt_too_large")


async def test_what_cannot_be_completed(sandbox: Sandbox, api: Api) -> None:
    await refused(api.files_getUploadURLExternal(filename="a", length=0), "invalid_arguments")
    start = await api.files_getUploadURLExternal(filename="a.txt", length=3)
    entry = {"id": start["file_id"], "title": "a"}
    await refused(api.files_completeUploadExternal(files=[entry]), "file_not_found")
    await refused(api.api_call("files.completeUploadExternal"), "invalid_arguments")
    async with aiohttp.ClientSession() as http:
        await http.post(start["upload_url"], data=b"abcd")
    await refused(api.files_completeUploadExternal(files=[entry]), "file_update_failed")
    rom = await room(sandbox, api, "udi")
    await sandbox.person("udi").removes("tot-bot", "rom-k7f3")
    for channel in (rom, "C0NO"):
        upload = api.files_upload_v2(channel=channel, filename="a", content="b")
        await refused(upload, "channel_not_found")
    closed = await room(sandbox, api, name="rom-2")
    await api.conversations_archive(channel=closed)
    await refused(api.files_upload_v2(channel=closed, filename="a", content="b"), "is_archived")


async def test_only_its_own_files_can_be_deleted(sandbox: Sandbox, api: Api) -> None:
    await room(sandbox, api, "udi")
    file = await sandbox.person("udi").uploads("notat.txt", b"hei", "rom-k7f3")
    await refused(api.files_delete(file=file.id), "cant_delete_file")
    await refused(api.files_delete(file="F0NOWHERE"), "file_not_found")
