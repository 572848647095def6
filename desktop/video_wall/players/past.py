"""The last minutes of every watched camera: compressed pictures in memory, bounded in time and in bytes. No Qt, no codec.

Pictures lie in groups, each of which begins with a key picture and is dropped whole. A stretch is what came over one
connection; when the other stream of the camera takes over, or its pictures change their size, another stretch begins. Times
are seconds of the monotonic clock; any thread may call anything.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from itertools import pairwise

from governance.camera import StreamKind

LONGEST_S = 120.0
MOST_BYTES = 256 * 1_048_576
"""Over the whole desk: about nine of ten minutes of 36 sub streams, or of four main streams."""
LONGEST_STEP_S = 2.0
FURTHEST_S = 4.0
"""A stream's own clock that differs from ours by more is set anew; cameras begin with some seconds sent at once."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a decoder or a file has to know of a stretch before its first picture."""

    codec: str
    """FFmpeg's name: h264, hevc, mjpeg."""
    headers: bytes = field(repr=False)
    """Parameter sets with start codes (annex B); empty where they come with the pictures."""
    width: int
    height: int
    stream: StreamKind


@dataclass(frozen=True, slots=True)
class Coded:
    """One compressed picture."""

    data: bytes = field(repr=False)
    is_key: bool
    at: float
    """When it came."""
    clock_s: float
    """When it is to be decoded: the stream's own even clock, kept close to ours."""
    ahead_s: float = 0.0
    """So much later it is to be shown."""


class StreamClock:
    """Makes one clock of a stream's time stamps, which jump, and of when its packets come, which jitters. One thread."""

    def __init__(self) -> None:
        self._stamp_s: float | None = None
        self._clock_s: float | None = None

    def at(self, now: float, stamp_s: float | None) -> float:
        """The time of a packet that came now: after the one before, by its own stamps where these can be believed."""
        before, self_before = self._clock_s, self._stamp_s
        clock = now
        if before is not None and stamp_s is not None and self_before is not None:
            step_s = stamp_s - self_before
            if 0.0 < step_s <= LONGEST_STEP_S and abs(before + step_s - now) <= FURTHEST_S:
                clock = before + step_s
        if before is not None and clock <= before:
            clock = before + 0.001
        self._clock_s, self._stamp_s = clock, stamp_s
        return clock


class Group:
    """A key picture and those that need it."""

    __slots__ = ("pictures", "size")

    def __init__(self) -> None:
        self.pictures: list[Coded] = []
        self.size = 0


class Stretch:
    """What came of one stream over one connection, oldest first."""

    __slots__ = ("camera", "form", "groups")

    def __init__(self, camera: str, form: Form) -> None:
        self.camera, self.form = camera, form
        self.groups: list[Group] = []


class PastMemory:
    """The last minutes of all cameras that are watched."""

    def __init__(self, longest_s: float = LONGEST_S, most_bytes: int = MOST_BYTES) -> None:
        """Keeps so many seconds of each camera, of all together so many bytes: then the oldest groups go first."""
        self._longest_s, self._most_bytes = longest_s, most_bytes
        self._lock = threading.Lock()
        self._stretches: dict[str, list[Stretch]] = {}
        self._bytes = 0

    @property
    def size(self) -> int:
        """Bytes of pictures kept now."""
        return self._bytes

    def begin(self, camera: str, form: Form) -> Stretch:
        """A further stretch of a camera."""
        stretch = Stretch(camera, form)
        with self._lock:
            kept = self._stretches.setdefault(camera, [])
            kept[:] = [each for each in kept if each.groups]
            kept.append(stretch)
        return stretch

    def add(self, stretch: Stretch, coded: Coded) -> None:
        """Keep one more picture; what is before the first key picture is of no use, nor what nobody watches any more."""
        with self._lock:
            kept = self._stretches.get(stretch.camera, [])
            if stretch not in kept or not (coded.is_key or stretch.groups):
                return
            if coded.is_key:
                stretch.groups.append(Group())
            group = stretch.groups[-1]
            group.pictures.append(coded)
            group.size += len(coded.data)
            self._bytes += len(coded.data)
            for each in kept:
                self._drop_before(each, coded.at - self._longest_s)
            while self._bytes > self._most_bytes:
                self._drop_oldest()

    def forget(self, camera: str) -> None:
        """Nothing of a camera is kept any more; whoever reads a group still may read it to its end."""
        with self._lock:
            for stretch in self._stretches.pop(camera, []):
                self._bytes -= sum(group.size for group in stretch.groups)
                stretch.groups.clear()

    def since(self, camera: str) -> float | None:
        """When the oldest picture came that is kept of a camera."""
        with self._lock:
            firsts = [each.groups[0].pictures[0].at for each in self._stretches.get(camera, []) if each.groups]
        return min(firsts, default=None)

    def find(self, camera: str, at: float) -> tuple[Stretch, Group] | None:
        """The group of pictures that was seen at a time: of the newest stretch that has it, else the first one after."""
        with self._lock:
            stretches = [each for each in self._stretches.get(camera, []) if each.groups]
            for stretch in reversed(stretches):
                if stretch.groups[0].pictures[0].at <= at <= stretch.groups[-1].pictures[-1].at:
                    return stretch, [group for group in stretch.groups if group.pictures[0].at <= at][-1]
            later = [(g.pictures[0].at, s, g) for s in stretches for g in s.groups if g.pictures[0].at > at]
            return min(later, key=lambda each: each[0])[1:] if later else None

    def after(self, stretch: Stretch, group: Group) -> Group | None:
        """The group of a stretch that follows another, None where none has come or it was dropped with all after it."""
        with self._lock:
            for one, next_one in pairwise(stretch.groups):
                if one is group:
                    return next_one
            if group in stretch.groups or not stretch.groups:
                return None
            first = stretch.groups[0]
            return first if first.pictures[0].at > group.pictures[-1].at else None

    def newer(self, stretch: Stretch, at: float) -> tuple[Stretch, Group] | None:
        """Where it goes on after a stretch: the group of the next one that was seen at a time, or its first."""
        with self._lock:
            kept = self._stretches.get(stretch.camera, [])
            for each in kept[kept.index(stretch) + 1 :] if stretch in kept else kept:
                if each.groups and each.groups[-1].pictures[-1].at > at:
                    begun = [group for group in each.groups if group.pictures[0].at <= at]
                    return each, begun[-1] if begun else each.groups[0]
            return None

    def _drop_before(self, stretch: Stretch, at: float) -> None:
        """Drop groups that ended before a time: the one that was seen then stays."""
        while len(stretch.groups) > 1 and stretch.groups[1].pictures[0].at <= at:
            self._drop_first(stretch)
        if stretch.groups and stretch.groups[-1].pictures[-1].at < at:
            self._drop_first(stretch)

    def _drop_oldest(self) -> None:
        oldest = min(
            (each for kept in self._stretches.values() for each in kept if each.groups),
            key=lambda each: each.groups[0].pictures[0].at,
        )
        self._drop_first(oldest)

    def _drop_first(self, stretch: Stretch) -> None:
        self._bytes -= stretch.groups.pop(0).size


class PastReader:
    """Reads a camera's past picture by picture, on into what comes while it reads. One thread."""

    def __init__(self, memory: PastMemory, camera: str) -> None:
        self._memory, self._camera = memory, camera
        self._stretch: Stretch | None = None
        self._group: Group | None = None
        self._index = 0
        self._last_at = 0.0

    def seek(self, at: float) -> bool:
        """Begin with the key picture before a time, or the first one after; False where none has come yet."""
        found = self._memory.find(self._camera, at)
        self._stretch, self._group = found or (None, None)
        self._index, self._last_at = 0, at
        return found is not None

    def next(self) -> tuple[Form, Coded] | None:
        """The next picture and what it is of, None where none has come yet.

        After a stretch comes the next one, from the key picture at or before the last picture that was read: nothing is
        left out, and what comes twice bears its old time.
        """
        if self._group is None and not self.seek(self._last_at):
            return None
        assert self._group is not None
        assert self._stretch is not None
        if self._index >= len(self._group.pictures):
            following = self._memory.after(self._stretch, self._group)
            if following is not None:
                self._group, self._index = following, 0
            elif not self._has_moved_on():
                return None
        coded = self._group.pictures[self._index]
        self._index, self._last_at = self._index + 1, max(self._last_at, coded.at)
        return self._stretch.form, coded

    def _has_moved_on(self) -> bool:
        """Whether the reading goes on in the next stretch."""
        found = None if self._stretch is None else self._memory.newer(self._stretch, self._last_at)
        if found is None:
            return False
        self._stretch, self._group = found
        self._index = 0
        return True

    def close(self) -> None:
        """Let go of what is read."""
        self._stretch = self._group = None
