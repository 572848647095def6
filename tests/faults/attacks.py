"""Hostile peers, in a process of their own: `python -m tests.faults.attacks NAME`, the addresses as JSON on standard input.

Says `begun` once it is under way and goes on until its standard input ends.
"""

from __future__ import annotations

import json
import os
import select
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator

import zmq

GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"CURVE".ljust(20, b"\0") + b"\0" + bytes(31)
"""The 64 bytes a ZMTP 3.0 connection begins with (RFC 23)."""
THOUSAND = 1_000

Address = tuple[str, int]
Attack = Callable[[dict[str, Address], str, str], Iterator[None]]


def thousand_connections(doors: dict[str, Address], _key: str, _certificate: str) -> Iterator[None]:
    """1,000 connections stand open at once, are dropped, and opened again; over all doors."""
    while True:
        held: list[socket.socket] = []
        for n in range(THOUSAND):
            held.append(_knock(list(doors.values())[n % len(doors)]))
            if n % 50 == 0:
                yield
        for each in held:
            each.close()
        yield


def half_a_handshake(doors: dict[str, Address], _key: str, _certificate: str) -> Iterator[None]:
    """Connections that greet and fall silent, and others that go on with a broken HELLO."""
    held: list[socket.socket] = []
    while True:
        for n, door in enumerate(_of_zmq(doors) * 20):
            each = _knock(door)
            _say(each, GREETING[: 11 if n % 3 == 0 else 64])
            if n % 3 == 2:
                _say(each, b"\x04\xc8\x05HELLO" + os.urandom(194))
            held.append(each)
            yield
        while len(held) > 400:
            held.pop(0).close()


def garbage(doors: dict[str, Address], _key: str, _certificate: str) -> Iterator[None]:
    """Random bytes on every door."""
    while True:
        for door in doors.values():
            each = _knock(door)
            _say(each, os.urandom(4096))
            each.close()
        yield


def garbage_frames(doors: dict[str, Address], key: str, _certificate: str) -> Iterator[None]:
    """Well-encrypted frames that mean nothing, of another version, or too large, on every socket that takes any."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    pair = zmq.curve_keypair()
    sockets = []
    for kind, name in ((zmq.DEALER, "desk"), (zmq.DEALER, "bulk"), (zmq.PUSH, "pull"), (zmq.SUB, "feed"), (zmq.SUB, "lane")):
        each = context.socket(kind)
        each.curve_serverkey, each.curve_publickey, each.curve_secretkey = key.encode(), *pair
        each.sndhwm = 100
        each.connect("tcp://{}:{}".format(*doors[name]))
        if kind == zmq.SUB:
            each.subscribe(os.urandom(16))
        else:
            sockets.append(each)
    bodies = (b"", b"\x02\x80", b"\x01" + os.urandom(300), b"\x01" + b"\x91" * 20_000, b"\x01" + bytes(1_200_000))
    turn = 0
    while True:
        for each in sockets:
            turn += 1
            try:
                each.send(bodies[turn % (5 if turn % 50 == 0 else 4)], zmq.NOBLOCK)
                while each.getsockopt(zmq.TYPE) == zmq.DEALER and each.poll(0):
                    each.recv(zmq.NOBLOCK)
            except zmq.Again:
                continue
        if turn % 30 == 0:
            time.sleep(0.01)
        yield


def strangers(doors: dict[str, Address], _key: str, _certificate: str) -> Iterator[None]:
    """Sockets without CURVE, and with a server's key that is not the server's."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    wrong, _ = zmq.curve_keypair()
    kinds = (zmq.DEALER, zmq.SUB, zmq.PUSH)
    for n, door in enumerate(_of_zmq(doors) * 12):
        each = context.socket(kinds[n % 3])
        each.linger, each.sndhwm, each.reconnect_ivl = 0, 10, 50
        if n % 2:
            each.curve_serverkey = wrong
            each.curve_publickey, each.curve_secretkey = zmq.curve_keypair()
        each.connect("tcp://{}:{}".format(*door))
    while True:
        time.sleep(0.02)
        yield


def slow_https(doors: dict[str, Address], _key: str, certificate: str) -> Iterator[None]:
    """130 callers who send a letter of their request now and then, and 50 who never begin: fewer than one address may hold."""
    trusting = ssl.create_default_context(cafile=certificate)
    held: list[socket.socket] = [_knock(doors["https"]) for _ in range(50)]
    slow = []
    for n in range(130):
        channel = trusting.wrap_socket(_knock(doors["https"]), server_hostname="127.0.0.1")
        head = b"POST /v1/citizen/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n"
        channel.sendall(head + b"\r\n{" if n % 2 else head)
        slow.append(channel)
        if n % 10 == 0:
            yield
    while True:
        for channel in slow:
            _say(channel, b"x")
        time.sleep(0.3)
        yield
        assert held


def heavy_bodies(doors: dict[str, Address], _key: str, certificate: str) -> Iterator[None]:
    """40 callers whom nobody knows, each with 30 MB of photos, for a report and for addresses that take none."""
    trusting = ssl.create_default_context(cafile=certificate)
    paths = (b"/v1/citizen/reports", b"/v1/worker/log-on", b"/v1/osmand", b"/v1/sender-key")
    part = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n' + bytes(250_000)
    while True:
        held = []
        for n in range(40):
            channel = trusting.wrap_socket(_knock(doors["https"]), server_hostname="127.0.0.1")
            head = b"POST " + paths[n % 4] + b" HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
            _say(channel, head + b"Content-Length: 30000000\r\n\r\n" + part)
            held.append(channel)
            yield
        for _ in range(10):
            for channel in held:
                _say(channel, bytes(16_000))
                yield
        for channel in held:
            channel.close()


ATTACKS: dict[str, Attack] = {
    "thousand_connections": thousand_connections,
    "half_a_handshake": half_a_handshake,
    "garbage": garbage,
    "garbage_frames": garbage_frames,
    "strangers": strangers,
    "slow_https": slow_https,
    "heavy_bodies": heavy_bodies,
}


def _of_zmq(doors: dict[str, Address]) -> list[Address]:
    return [address for name, address in doors.items() if name != "https"]


def _knock(door: Address) -> socket.socket:
    each = socket.create_connection(door, 5)
    each.settimeout(5)
    return each


def _say(each: socket.socket, words: bytes) -> None:
    """Say something to a server that may have hung up."""
    try:
        each.sendall(words)
    except OSError:
        return


def main(name: str) -> None:
    """Attack until standard input ends."""
    told = json.loads(sys.stdin.readline())
    doors = {door: (str(host), int(port)) for door, (host, port) in told["doors"].items()}
    steps = ATTACKS[name](doors, told["key"], told["certificate"])
    next(steps)
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    for _ in steps:
        if select.select([sys.stdin], [], [], 0)[0]:
            os._exit(0)  # as a hostile process ends: without a word


if __name__ == "__main__":
    main(sys.argv[1])
