"""What a decoding thread puts into memory: its packets as compressed pictures with start codes, whatever they came in."""

from __future__ import annotations

import av
from av.bitstream import BitStreamFilterContext
from av.buffer import Buffer
from av.stream import Stream
from av.video.stream import VideoStream

from desktop.video_wall.players.past import Coded, Form, PastMemory, StreamClock, Stretch
from governance.camera import StreamKind

LENGTH_PREFIXED = b"\x01"
"""How avcC and hvcC begin: such packets come from FLV and MP4, those of RTSP and TS have start codes."""
FILTERS = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb"}


class Unwrapping:
    """The packets of one connection as bytes with start codes. One thread."""

    def __init__(self, stream: VideoStream, kind: StreamKind) -> None:
        context = stream.codec_context
        headers, codec = context.extradata or b"", context.codec.name
        self._filter: BitStreamFilterContext | None = None
        if headers.startswith(LENGTH_PREFIXED) and codec in FILTERS:
            self._filter, headers = BitStreamFilterContext(FILTERS[codec], stream), b""  # it puts the sets before key pictures
        self.form = Form(codec, headers, context.width, context.height, kind)
        """Of what is unwrapped."""

    def resize(self, width: int, height: int) -> None:
        """The camera sends pictures of another size from now on; what is needed to decode them comes with them."""
        self.form = Form(self.form.codec, b"", width, height, self.form.stream)

    def data_of(self, packet: Buffer) -> bytes:
        """The bytes of a packet."""
        data = bytes(packet)
        if self._filter is None:
            return data
        try:
            return b"".join(bytes(each) for each in self._filter.filter(av.Packet(data)))
        except av.error.FFmpegError:
            return data


class Tape:
    """Hands the packets of one connection on to memory, once it is on; before that it holds those since the last key picture.

    Of the thread that decodes; `is_on` is set by the main thread.
    """

    def __init__(self, memory: PastMemory, camera: str, kind: StreamKind) -> None:
        """Off: nothing is kept of a stream that nobody sees yet."""
        self.is_on = False
        self._memory, self._camera, self._kind = memory, camera, kind
        self._unwrapping: Unwrapping | None = None
        self._stretch: Stretch | None = None
        self._clock = StreamClock()
        self._pending: list[Coded] = []

    def connect(self, stream: VideoStream) -> None:
        """A connection was opened: what comes is of this stream."""
        self._unwrapping = Unwrapping(stream, self._kind)
        self._stretch, self._pending = None, []

    def take(self, packet: av.Packet[Stream], now: float, size: tuple[int, int] | None) -> None:
        """Keep a packet that came now; size is that of the picture it gave, where it gave one.

        A picture of another size begins another stretch: a file holds one size only.
        """
        unwrapping = self._unwrapping
        if unwrapping is None:
            return
        if size is not None and size != (unwrapping.form.width, unwrapping.form.height):
            unwrapping.resize(*size)
            self._stretch, self._pending = None, []
        coded = self._coded(unwrapping.data_of(packet), packet, now)
        if not self.is_on:
            if coded.is_key:
                self._pending.clear()
            self._pending.append(coded)
            return
        if self._stretch is None:
            self._stretch = self._memory.begin(self._camera, unwrapping.form)
            for each in self._pending:
                self._memory.add(self._stretch, each)
            self._pending.clear()
        self._memory.add(self._stretch, coded)

    def _coded(self, data: bytes, packet: av.Packet[Stream], now: float) -> Coded:
        unit_s = float(packet.time_base)
        decode_at = packet.pts if packet.dts is None else packet.dts
        clock_s = self._clock.at(now, None if decode_at is None else decode_at * unit_s)
        ahead_s = 0.0 if packet.pts is None or packet.dts is None else (packet.pts - packet.dts) * unit_s
        return Coded(data, packet.is_keyframe, now, clock_s, min(max(0.0, ahead_s), 1.0))
