"""The listening socket of the intake: so many connections at once from one address, and so many altogether.

They are counted where they are accepted, before TLS is spoken: a connection that says nothing costs a place as well.
"""

from __future__ import annotations

import ipaddress
import socket
from collections import Counter
from collections.abc import Collection

CONNECTIONS = 2_000
CONNECTIONS_OF_ONE = 256
"""Of one address: many phones share the address of their operator's gateway."""


class Doorway(socket.socket):
    """Accepts connections; those over the limits are closed at once. Belongs to the event loop's thread."""

    def __init__(
        self,
        host: str,
        port: int,
        most: int = CONNECTIONS,
        most_of_one: int = CONNECTIONS_OF_ONE,
        unlimited: Collection[str] = (),
    ) -> None:
        """Bind; OSError where that cannot be. `unlimited`: addresses of our own proxies, which speak for many."""
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        super().__init__(family, kind, protocol)
        try:
            self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                self.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            self.bind(address)
        except OSError:
            self.close()
            raise
        self._most, self._most_of_one, self._unlimited = most, most_of_one, frozenset(unlimited)
        self._open: Counter[str] = Counter()
        self.turned_away = 0

    def accept(self) -> tuple[socket.socket, tuple[str, int]]:
        """The next connection within the limits; BlockingIOError: none waits; ConnectionAbortedError: it was closed."""
        descriptor, address = self._accept()  # type: ignore[attr-defined]  # what socket.accept itself is made of
        who = who_is_at(address[0])
        connection = _Counted(self._open, who, self.family, self.type, self.proto, descriptor)
        too_many = self._open.total() > self._most
        if too_many or (self._open[who] > self._most_of_one and address[0] not in self._unlimited):
            connection.close()
            self.turned_away += 1
            raise ConnectionAbortedError
        connection.setblocking(False)
        return connection, address


class _Counted(socket.socket):
    """A connection that is counted until it is closed."""

    def __init__(self, counts: Counter[str], who: str, family: int, kind: int, protocol: int, descriptor: int) -> None:
        super().__init__(family, kind, protocol, descriptor)
        self._counts: Counter[str] | None = counts
        self._who = who
        counts[who] += 1

    def close(self) -> None:
        """Closed, and counted no more."""
        counts, self._counts = self._counts, None
        if counts is not None:
            counts[self._who] -= 1
            if not counts[self._who]:
                del counts[self._who]
        super().close()


def who_is_at(host: str) -> str:
    """What is counted as one sender: an IPv4 address, or the /64 an IPv6 address lies in, for one line is given all of it."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
