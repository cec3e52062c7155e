"""auth.test, api.test, apps.connections.open, team.info, bots.info."""

from __future__ import annotations

from sandbox import cast, scopes
from sandbox.errors import ApiError
from sandbox.model import Json
from sandbox.shapes import bot_profile
from sandbox.web_api.arguments import Args
from sandbox.web_api.site import Method, Site


def api_test(_site: Site, args: Args) -> Json:
    """api.test"""
    if args.text("error"):
        raise ApiError(args.text("error"), args=args.values)
    return {"args": args.values}


def auth_test(site: Site, _args: Args) -> Json:
    """auth.test"""
    return {
        "url": site.url("/"),
        "team": cast.TEAM_NAME,
        "user": site.ws.bot.handle,
        "team_id": cast.TEAM_ID,
        "user_id": site.bot,
        "bot_id": cast.BOT_ID,
        "is_enterprise_install": False,
    }


def connections_open(site: Site, _args: Args) -> Json:
    """apps.connections.open"""
    if not site.ws.manifest.socket_mode:
        raise ApiError("forbidden_team")
    return {"url": site.socket_url(site.sockets.ticket())}


def team_info(site: Site, _args: Args) -> Json:
    """team.info"""
    scopes.need(site.ws, "team:read")
    return {
        "team": {
            "id": cast.TEAM_ID,
            "name": cast.TEAM_NAME,
            "domain": cast.TEAM_DOMAIN,
            "url": site.url("/"),
            "email_domain": "sandbox.example",
            "icon": {"image_default": True},
        }
    }


def bots_info(site: Site, args: Args) -> Json:
    """bots.info"""
    scopes.need(site.ws, "users:read")
    if args.text("bot", cast.BOT_ID) != cast.BOT_ID:
        raise ApiError("bot_not_found")
    return {"bot": bot_profile(site.ws) | {"user_id": site.bot}}


METHODS: dict[str, Method] = {
    "api.test": api_test,
    "auth.test": auth_test,
    "apps.connections.open": connections_open,
    "team.info": team_info,
    "bots.info": bots_info,
}
