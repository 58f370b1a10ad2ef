"""Ports of this machine for servers that cannot choose one themselves."""

import socket


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return own.getsockname()[1]
