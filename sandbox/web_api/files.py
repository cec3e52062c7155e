"""files.*"""

from __future__ import annotations

from sandbox import channels
from sandbox.model import Channel, File, Json
from sandbox.web_api import ApiError, scopes
from sandbox.web_api.context import Args, Method, Site, page
from sandbox.web_api.serializers import file_json

#: Of a picture's description, in characters.
_LONGEST_ALT = 1000


def get_upload_url(site: Site, args: Args) -> Json:
    """files.getUploadURLExternal"""
    scopes.need(site.ws, "files:write")
    name = args.required("filename")
    length = args.number("length", 0)
    if length < 1:
        raise ApiError("invalid_arguments", "[ERROR] must be at least 1: length")
    alt = args.text("alt_txt")
    if len(alt) > _LONGEST_ALT:
        raise ApiError("alt_txt_too_large")
    file = channels.start_upload(site.ws, name, length, site.bot)
    file.alt = alt
    return {"upload_url": site.url(f"/upload/v1/{file.id}"), "file_id": file.id}


def complete_upload(site: Site, args: Args) -> Json:
    """files.completeUploadExternal: shares the files in channels, if any are named."""
    scopes.need(site.ws, "files:write")
    entries = args.nested("files")
    if not entries or not isinstance(entries, list):
        raise ApiError("invalid_arguments", "[ERROR] missing required field: files")
    files = [_uploaded(site, str(entry.get("id"))) for entry in entries]
    targets = args.ids("channels") or args.ids("channel_id")
    rooms = [_shareable(site, channel_id) for channel_id in targets]
    for file, entry in zip(files, entries, strict=True):
        file.completed = True
        file.title = entry.get("title") or file.name
    for channel in rooms:
        for file in files:
            channels.share_file(site.ws, file, channel)
        channels.post_message(
            site.ws,
            channel,
            site.bot,
            args.text("initial_comment"),
            files=[file.id for file in files],
            thread_ts=args.text("thread_ts"),
            by_bot=True,
        )
    return {"files": [file_json(site.ws, file) for file in files]}


def delete(site: Site, args: Args) -> Json:
    """files.delete: a bot may delete only its own."""
    scopes.need(site.ws, "files:write")
    file = _visible(site, args.required("file"))
    if file.user != site.bot:
        raise ApiError("cant_delete_file")
    channels.delete_file(site.ws, file)
    return {}


def info(site: Site, args: Args) -> Json:
    """files.info"""
    scopes.need(site.ws, "files:read")
    return {"file": _with_links(site, _visible(site, args.required("file"))), "comments": []}


def listing(site: Site, args: Args) -> Json:
    """files.list: what the bot can see, in a channel or by a user if so asked."""
    scopes.need(site.ws, "files:read")
    channel, user = args.text("channel"), args.text("user")
    seen = [
        file
        for file in site.ws.files.values()
        if _can_see(site, file)
        and (not channel or channel in file.channels)
        and (not user or user == file.user)
    ]
    files, following = page(site, args, seen)
    return {
        "files": [_with_links(site, file) for file in files],
        "response_metadata": {"next_cursor": following},
    }


def _with_links(site: Site, file: File) -> Json:
    link = site.url(f"/files-pri/{file.id}/{file.name}")
    return file_json(site.ws, file) | {"url_private": link, "url_private_download": link}


def _uploaded(site: Site, file_id: str) -> File:
    file = site.ws.files.get(file_id)
    if file is None or file.user != site.bot or not file.uploaded:
        raise ApiError("file_not_found")
    if len(file.content) != file.length:
        raise ApiError("file_update_failed")
    return file


def _shareable(site: Site, channel_id: str) -> Channel:
    channel = site.channel(channel_id)
    if site.bot not in channel.members:
        raise ApiError("not_in_channel")
    if channel.archived:
        raise ApiError("is_archived")
    return channel


def _visible(site: Site, file_id: str) -> File:
    file = site.ws.files.get(file_id)
    if file is None:
        raise ApiError("file_not_found")
    if file.deleted:
        raise ApiError("file_deleted")
    if not _can_see(site, file):
        raise ApiError("file_not_found")
    return file


def _can_see(site: Site, file: File) -> bool:
    if file.deleted or not file.completed:
        return False
    shared = (site.ws.channels[channel_id].members for channel_id in file.channels)
    return file.user == site.bot or any(site.bot in members for members in shared)


METHODS: dict[str, Method] = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.delete": delete,
    "files.info": info,
    "files.list": listing,
}
