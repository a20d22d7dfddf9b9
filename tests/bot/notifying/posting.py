"""A real mail server on loopback, as strict or as odd as a test wants it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.settings.sections import Mail

CERTIFICATE = Path(__file__).with_name("loopback.pem")
USER, PASSWORD = "makegood", "Zq8vN2xLr5TbY1wK"


class PostOffice:
    """What the server got, and what it says. `recipients`, `data` are answers to give, the last from then on."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str | None, list[str]]] = []
        self.recipients: list[str] = ["250 OK"]
        self.data: list[str] = ["250 OK"]
        self.encrypted: list[bool] = []
        self.names: list[str] = []
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.recipients.pop(0) if len(self.recipients) > 1 else self.recipients[0]
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the name by which the server calls it
        answer = self.data.pop(0) if len(self.data) > 1 else self.data[0]
        if answer.startswith("250"):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.raw.append(content)
            self.mails.append(message_from_bytes(content, policy=policy.default))
            self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
            assert server.transport is not None
            self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
            self.names.append(session.host_name or "")
        return answer

    def settings(self, **more: Any) -> Mail:
        """Return the settings that lead here."""
        usual = {
            "host": "127.0.0.1",
            "port": self.port,
            "security": "none",
            "sender": "Corner Shop <hello@shop.example>",
        }
        return Mail(**{**usual, **more})


def _knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object) -> AuthResult:
    known = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


def certified() -> ssl.SSLContext:
    """The server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@asynccontextmanager
async def post_office(*, tls: str = "none", auth: bool = False) -> AsyncIterator[PostOffice]:
    """A mail server while the block runs; `tls` is none, starttls or tls, and `auth` goes with starttls."""
    office = PostOffice()
    more: dict[str, Any] = {"authenticator": _knows, "auth_required": True}

    def make() -> SMTP:
        return SMTP(
            office,
            hostname="mail.test",
            tls_context=certified() if tls == "starttls" else None,
            require_starttls=tls == "starttls",
            **(more if auth else {}),
        )

    server = await asyncio.get_running_loop().create_server(
        make, "127.0.0.1", 0, ssl=certified() if tls == "tls" else None
    )
    async with server:
        office.port = server.sockets[0].getsockname()[1]
        yield office
