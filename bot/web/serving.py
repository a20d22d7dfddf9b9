"""The web server in our own loop: no log of addresses, for they hold tokens, and no word about its make."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp


class Server(uvicorn.Server):
    """A server that leaves the signals to the bot, which has more than the web to stop in order.

    `up` is set once it listens. To stop: end the open streams (`Streams.close`), set `should_exit`, await `serve`.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen. Raises OSError where the server itself would end the process."""
        try:
            await super().startup(sockets)
        except SystemExit:
            raise OSError(f"cannot listen on {self.config.host}:{self.config.port}")
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @property
    def port(self) -> int:
        """Return the port it listens on, once `up`."""
        port: int = self.servers[0].sockets[0].getsockname()[1]
        return port


def server(app: ASGIApp, *, host: str, port: int, trusted_proxies: str = "") -> Server:
    """Return a server to `await serve()`. `port` 0 takes a free one.

    `trusted_proxies` are the addresses whose X-Forwarded-For is believed, comma-separated.
    """
    # `access_log=False` alone still logs when anybody else gives that logger a handler.
    logging.getLogger("uvicorn.access").disabled = True
    return Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http="httptools",
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=bool(trusted_proxies),
            forwarded_allow_ips=trusted_proxies or None,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=5,
        )
    )
