"""RTP over an RTSP connection: H.264 in packets (RFC 6184), interleaved with the requests (RFC 2326, 10.12)."""

from __future__ import annotations

import base64
import struct

from server.drill.camera_encoder import AccessUnit, Stream

PAYLOAD_TYPE = 96
CLOCK_HZ = 90_000
MTU = 1400
FU_A = 28
NTP_1970 = 2_208_988_800


class RtpLane:
    """The packets of one viewer: sequence numbers and sender reports of one interleaved channel."""

    def __init__(self, channel: int, ssrc: int) -> None:
        self._channel = channel
        self._ssrc = ssrc
        self._sequence = 0
        self._packets = 0
        self._octets = 0
        self._reported_s = 0.0

    def packets(self, unit: AccessUnit, due_s: float) -> bytes:
        """One access unit as interleaved packets, a sender report before it every five seconds."""
        stamp = int(due_s * CLOCK_HZ) & 0xFFFFFFFF
        out = bytearray()
        if due_s - self._reported_s > 5.0:
            out += self._report(due_s, stamp)
            self._reported_s = due_s
        payloads = [part for nal in unit.nals for part in fragments(nal)]
        for k, payload in enumerate(payloads):
            marker = 0x80 if k == len(payloads) - 1 else 0
            header = struct.pack(
                ">cBHBBHII", b"$", self._channel, 12 + len(payload), 0x80, marker | PAYLOAD_TYPE,
                self._sequence & 0xFFFF, stamp, self._ssrc,
            )  # fmt: skip
            self._sequence += 1
            self._packets += 1
            self._octets += len(payload)
            out += header + payload
        return bytes(out)

    def _report(self, due_s: float, stamp: int) -> bytes:
        ntp = int((due_s + NTP_1970) * 2**32) & (2**64 - 1)
        body = struct.pack(
            ">BBHIQIII", 0x80, 200, 6, self._ssrc, ntp, stamp, self._packets & 0xFFFFFFFF, self._octets & 0xFFFFFFFF
        )
        return struct.pack(">cBH", b"$", self._channel + 1, len(body)) + body


def fragments(nal: bytes) -> list[bytes]:
    """A NAL unit as RTP payloads: itself where it fits, else FU-A fragments."""
    if len(nal) <= MTU:
        return [nal]
    head, body = nal[0], nal[1:]
    chunks = [body[k : k + MTU] for k in range(0, len(body), MTU)]
    out = []
    for k, chunk in enumerate(chunks):
        start = 0x80 if k == 0 else 0
        end = 0x40 if k == len(chunks) - 1 else 0
        out.append(bytes([(head & 0xE0) | FU_A, start | end | (head & 0x1F)]) + chunk)
    return out


def session_description(stream: Stream, sps: bytes, pps: bytes) -> bytes:
    """The SDP of one stream (RFC 4566), its parameter sets included so that a player need not wait for them."""
    sets = ",".join(base64.b64encode(nal).decode() for nal in (sps, pps))
    lines = (
        "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=camera", "c=IN IP4 0.0.0.0", "t=0 0", "a=range:npt=now-", "a=control:*",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}", f"a=rtpmap:{PAYLOAD_TYPE} H264/{CLOCK_HZ}",
        f"a=fmtp:{PAYLOAD_TYPE} packetization-mode=1;profile-level-id={sps[1:4].hex()};sprop-parameter-sets={sets}",
        f"a=framerate:{stream.fps}", "a=control:track0", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()
