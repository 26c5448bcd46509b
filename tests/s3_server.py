"""S3-compatible storage on loopback for tests: moto in a process of its own.

Run as a program it prints its port and serves one bucket until its standard input ends. It answers one request at a
time, so that a conditional put is atomic as it is in S3, and refuses every key but `KEY`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

KEY, BUCKET = "the-right-key", "evidence"

_REFUSED = b"<Error><Code>InvalidAccessKeyId</Code><Message>There is no such key.</Message></Error>"


def environment(port: int) -> dict[str, str]:
    """What a user sets to reach the server."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": "secret",
    }  # fmt: skip


@contextmanager
def serving() -> Iterator[dict[str, str]]:
    """A server, and the environment in which it is reached."""
    command = [sys.executable, __file__]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield environment(int(process.stdout.readline()))
        process.stdin.close()


def main() -> None:
    from moto.backends import get_backend
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log(self, *_: object) -> None:
            pass

    storage, turn = DomainDispatcherApplication(create_backend_app), threading.Lock()

    def answer(request: dict[str, Any], start: Any) -> Iterable[bytes]:
        if f"Credential={KEY}/" not in request.get("HTTP_AUTHORIZATION", ""):
            request["wsgi.input"].read(int(request.get("CONTENT_LENGTH") or 0))
            start(
                "403 Forbidden", [("Content-Length", str(len(_REFUSED))), ("Content-Type", "application/xml")]
            )
            return [_REFUSED]
        with turn:
            return list(storage(request, start))

    get_backend("s3")["123456789012"]["aws"].create_bucket(BUCKET, "us-east-1")
    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=Quiet)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
