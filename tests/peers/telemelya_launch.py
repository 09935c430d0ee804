"""Runs inside telemelya's own environment: its server, with stores in memory, all on loopback.

telemelya wants Redis and MinIO; fakeredis and moto stand for both. It binds all interfaces by default: not here.
"""

from __future__ import annotations

import os
import socket
import sys
import threading

HOST = "127.0.0.1"


def free_port() -> int:
    """A port nobody holds now."""
    with socket.socket() as held:
        held.bind((HOST, 0))
        return int(held.getsockname()[1])


def end_with_the_tests() -> None:
    """Ends the process when the other end of its input is gone, so that killed tests leave nothing behind."""
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Serves on the port that is asked for, until the process is told to end."""
    threading.Thread(target=end_with_the_tests, name="end", daemon=True).start()
    from fakeredis import TcpFakeServer
    from moto.server import ThreadedMotoServer

    port, redis_port = int(sys.argv[1]), free_port()
    redis = TcpFakeServer((HOST, redis_port), server_type="redis")
    threading.Thread(target=redis.serve_forever, name="redis", daemon=True).start()
    store = ThreadedMotoServer(ip_address=HOST, port=0, verbose=False)
    store.start()
    _, store_port = store.get_host_and_port()
    os.environ |= {
        "MOCK_SERVER_HOST": HOST,
        "MOCK_SERVER_PORT": str(port),
        "MOCK_SERVER_URL": f"http://{HOST}:{port}",
        "REDIS_URL": f"redis://{HOST}:{redis_port}/0",
        "MINIO_ENDPOINT": f"{HOST}:{store_port}",
        "MINIO_ACCESS_KEY": "loopback-key",
        "MINIO_SECRET_KEY": "loopback-secret",
        "AUTH_KEYS": "loopback-key",
        "STRICT_EDIT": "true",
    }
    from telemelya.server.app import main as serve  # reads the environment when it is imported

    serve()


if __name__ == "__main__":
    main()
