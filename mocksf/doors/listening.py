"""A socket that listens, or the reason why it cannot, with the place that was wanted."""

import socket


class CannotListen(OSError):
    """Nobody can listen at this address and port; the message says which, and why."""


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens at an address; `port` 0 takes any free one. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048, reuse_port=False)
    except OSError as error:
        message = f"cannot listen on {host} port {port}: {error.strerror or error}"
        raise CannotListen(message) from error


def address(scheme: str, host: str, port: int) -> str:
    """The URL of a place, without a slash at the end."""
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
