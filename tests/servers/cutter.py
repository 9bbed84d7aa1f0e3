# SPDX-License-Identifier: MIT
"""A connection that is severed after a given octet, in either direction."""
import select
import socket

UP, DOWN = "up", "down"		# to the server, to the client


class Cutter:
    """Listens on a port of its own; one connection at a time."""

    def __init__(self, server_port):
        self.server_port = server_port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(60)
        self.port = self.listener.getsockname()[1]

    def close(self):
        self.listener.close()

    def release(self):
        """Whoever waits for a connection gets one that has ended."""
        socket.create_connection(("127.0.0.1", self.port)).close()

    def carry(self, direction=None, limit=0):
        """The next connection, until it ends or `limit` octets went that
        way.  The octets that went each way."""
        client, _ = self.listener.accept()
        server = socket.create_connection(("127.0.0.1", self.server_port))
        limits = {direction: limit}
        went = {UP: 0, DOWN: 0}
        with client, server:
            ways = {client: (UP, server), server: (DOWN, client)}
            while limits.get(UP) != went[UP] and \
                    limits.get(DOWN) != went[DOWN]:
                for source in select.select(list(ways), (), ())[0]:
                    way, target = ways[source]
                    if not pass_on(source, target, way, limits, went):
                        return went
        return went


def pass_on(source, target, way, limits, went):
    """False: this side has ended."""
    try:
        most = limits.get(way, 65536 + went[way]) - went[way]
        data = source.recv(min(most, 65536)) if most else b""
        target.sendall(data)
    except OSError:
        return False
    went[way] += len(data)
    return bool(data)
