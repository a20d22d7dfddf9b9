"""Pictures of figures, drawn by a process of their own that is started when one is wanted and ends when it is idle.

`figures_png` waits for the picture, so it is called from a thread. A picture that takes too long is given up with its
process; the next one begins a new one.
"""

import os
import select
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final

PATIENCE: Final = 30.0
"""Seconds that a picture may take; the first of a process takes three or four, the others a fifth of one."""

LARGEST: Final = 10_000_000
"""Bytes of a picture: Telegram takes no larger photo."""

_SCRIPT: Final = Path(__file__).with_name("drawing.py")


class NotDrawn(Exception):
    """There is no picture: say the same in words."""


class Drawer:
    """The drawing process, if there is one. Any thread may ask; one picture is drawn at a time."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def draw(self, of: str) -> bytes:
        """Return the PNG of a `bot.drawing.Picture`, as JSON. Raises NotDrawn."""
        with self._lock:
            fresh = self._process is None or self._process.poll() is not None
            answer = self._ask(of)
            if answer is None and not fresh:  # it was idle, and went just now
                answer = self._ask(of)
        if answer is None:
            raise NotDrawn("the drawing process ended or took too long")
        if answer[:1] != b"\0":
            raise NotDrawn(answer[1:].decode(errors="replace"))
        return answer[1:]

    def close(self) -> None:
        """End the process. Safe to repeat; the next picture starts another."""
        with self._lock:
            self._end()

    @property
    def pid(self) -> int | None:
        """Return the id of the process that is there, None when there is none."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def _ask(self, of: str) -> bytes | None:
        process = self._running()
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101 - likewise
        request = of.encode()
        try:
            process.stdin.write(struct.pack(">I", len(request)) + request)
            process.stdin.flush()
            head = self._read(process.stdout.fileno(), 4)
            length = struct.unpack(">I", head)[0] if head else 0
            answer = self._read(process.stdout.fileno(), length) if 0 < length <= LARGEST else None
        except OSError:
            answer = None
        if answer is None:
            self._end()
        return answer

    def _read(self, source: int, count: int) -> bytes | None:
        parts = b""
        while len(parts) < count:
            ready, _, _ = select.select([source], [], [], self._patience)
            part = os.read(source, count - len(parts)) if ready else b""
            if not part:
                return None
            parts += part
        return parts

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(  # noqa: S603 - our own file, by our own interpreter
            [sys.executable, "-P", str(_SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process = None


DRAWER: Final = Drawer()


def figures_png(of: str) -> bytes:
    """Return the picture of figures as a PNG; `of` is a `bot.drawing.Picture` as JSON. Raises NotDrawn."""
    return DRAWER.draw(of)
