"""Debian's Postfix and Dovecot, set up in a folder and run on loopback, separate from other servers."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.mail.servers import make_certificate
from tests.e2e.ports import free_port

BOT = "tot@kommune.example"
PASSWORD = "dovecot"
DOMAINS = ("kommune.example", "etat.example")
#: Postfix's name in its verdicts: only the agency may send from loopback.
SERVER = "mx.kommune.example"
MISSING = 60.0


def lacking() -> str:
    """Return why they cannot be run here; empty if they can."""
    absent = [p for p in ("postfix", "dovecot") if shutil.which(p, path="/usr/sbin:/usr/bin") is None]
    if absent:
        return f"Debian's {' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} not installed"
    return "" if os.geteuid() == 0 else "Postfix and Dovecot have to be started by root"


@dataclass(frozen=True)
class Servers:
    """Where they listen, and which authority to trust."""

    folder: Path
    authority: Path
    smtp_port: int
    imap_port: int
    address: str = BOT
    authserv_id: str = SERVER

    @property
    def smtp_url(self) -> str:
        """Return TOT_SMTP_URL; loopback needs no login."""
        return f"smtp://localhost:{self.smtp_port}"

    @property
    def imap_url(self) -> str:
        return self.imap_url_of(self.address)

    def imap_url_of(self, address: str) -> str:
        return f"imaps://{address.replace('@', '%40')}:{PASSWORD}@localhost:{self.imap_port}"


@contextmanager
def running(folder: Path) -> Iterator[Servers]:
    """Run both servers until the end of the block. The folder has to be readable for every user."""
    folder.chmod(0o755)
    authority = make_certificate(folder)
    servers = Servers(folder, authority, free_port(), free_port())
    mail = folder / "mail"
    mail.mkdir()
    shutil.chown(mail, "mail", "mail")
    mail.chmod(0o770)
    postfix, dovecot = _postfix(servers), _dovecot(servers)
    started = []
    try:
        for start, stop in (
            (["postfix", "-c", postfix, "start"], ["postfix", "-c", postfix, "stop"]),
            (["dovecot", "-c", dovecot], ["doveadm", "-c", dovecot, "stop"]),
        ):
            _run(start, folder)
            started.append(stop)
        for port in (servers.smtp_port, servers.imap_port):
            _wait_for(port)
        yield servers
    finally:
        for stop in started:
            _run(stop, folder)


def _run(command: list[str], folder: Path) -> None:
    """Log to a file: a server that stays behind would hold a pipe open for ever."""
    with (folder / "commands.log").open("ab") as log:
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_PATHS)


_PATHS = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin:/usr/bin:/bin"}


def _wait_for(port: int) -> None:
    until = time.monotonic() + MISSING
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _postfix(servers: Servers) -> str:
    """Configure it to take mail for both domains only over STARTTLS, into folders; «+» is the delimiter."""
    folder = servers.folder
    config = folder / "postfix"
    config.mkdir()
    for name in ("spool", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix", "root")
    results = f"PREPEND Authentication-Results: {SERVER};"
    senders = (
        rf"/@etat\.example$/ {results} spf=pass smtp.mailfrom=etat.example",
        f"/./ {results} spf=fail",
    )
    (config / "senders").write_text("\n".join(senders) + "\n", "ascii")
    # Postfix wants the key first.
    certificate, key = servers.authority.read_text("ascii").split("-----BEGIN PRIVATE KEY-----")
    chain = folder / "chain.pem"
    chain.write_text(f"-----BEGIN PRIVATE KEY-----{key}{certificate}", "ascii")
    chain.chmod(0o600)
    (config / "main.cf").write_text(
        f"""
compatibility_level = 3.10
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
mynetworks = 127.0.0.0/8
recipient_delimiter = +
virtual_mailbox_domains = {", ".join(DOMAINS)}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {{ tot@kommune.example = tot@kommune.example/ }},
  {{ kari@etat.example = kari@etat.example/ }} }}
virtual_uid_maps = static:8
virtual_gid_maps = static:8
virtual_minimum_uid = 1
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {chain}
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions =
smtpd_sender_restrictions = check_sender_access regexp:{config}/senders
bounce_queue_lifetime = 0
""",
        "utf-8",
    )
    services = Path("/usr/share/postfix/master.cf.dist").read_text("ascii")
    unconfined = re.sub(r"^(\w+ +[\w-]+ +[n-] +[n-] +)y", r"\1n", services, flags=re.M)
    port = f"127.0.0.1:{servers.smtp_port} inet"
    (config / "master.cf").write_text(re.sub("^smtp +inet", port, unconfined, flags=re.M), "ascii")
    return str(config)


def _dovecot(servers: Servers) -> str:
    folder = servers.folder
    config = folder / "dovecot.conf"
    pem = servers.authority
    config.write_text(
        f"""
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_server_cert_file = {pem}
ssl_server_key_file = {pem}
mail_driver = maildir
mail_path = {folder}/mail/%{{user}}
mail_uid = mail
mail_gid = mail
first_valid_uid = 8
first_valid_gid = 8
passdb static {{
  password = {PASSWORD}
}}
userdb static {{
  fields {{
    uid = mail
    gid = mail
    home = {folder}/mail/%{{user}}
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {servers.imap_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
""",
        "utf-8",
    )
    return str(config)
