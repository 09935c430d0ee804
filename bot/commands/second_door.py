"""The second door of a serving house: metrics and health on a port of its own, on this machine only.

Must not know: what is counted.
"""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import uvicorn

from bot.gateway.admin import create_admin
from bot.gateway.heads import server_config
from bot.gateway.metrics import Queues

if TYPE_CHECKING:
    from bot.bootstrap import House
    from bot.gateway.health import Health

HOST = "127.0.0.1"


def open_second_door(house: House, health: Health) -> uvicorn.Server | None:
    """The door in a thread of its own, once its port is ours; None when no port is set.

    Raises OSError when another program has the port.
    """
    port = house.settings.admin_port
    if port is None:
        return None
    held = _hold(port)
    letters, clock = house.store.dead_letters, house.clock
    house.metrics.registry.register(
        Queues(
            letters.standing,
            letters.dead,
            lambda: house.deliver.resting(clock.now()),
            lambda: int(clock.now().timestamp() * 1e6),
        )
    )
    app = create_admin(house.metrics, health, house.settings.admin_token)
    config = server_config(app, HOST, port)
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, args=([held],), name="admin", daemon=True).start()
    return server


def _hold(port: int) -> socket.socket:
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((HOST, port))
        held.listen()
    except OSError as error:
        held.close()
        message = f"port {port} of GUICHET_ADMIN_PORT cannot be opened: another program has it ({error.strerror})"
        raise OSError(message) from error
    return held
