"""The texts of tiles and tile panels in Chinese and English; the same keys in both."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str], str]

WORDS_ZH: dict[str, str] = {
    "video.title": "看得见现场的摄像机",
    "video.nearby": "附近的摄像机",
    "video.waiting": "等待地址",
    "video.connecting": "连接中",
    "video.live": "实时",
    "video.fewer": "降帧",
    "video.keys_only": "仅关键帧",
    "video.stale": "画面滞后",
    "video.frozen": "画面冻结",
    "video.reconnecting": "重连中",
    "video.refused": "鉴权失败",
    "video.wrong_address": "地址错误",
    "video.no_video": "无视频",
    "video.playback": "回放",
    "video.ended": "播放完毕",
    "video.no_signal": "无信号",
    "video.last_picture": "末帧",
    "video.seconds": "s",
    "video.minutes": "分钟",
    "video.ago": "前",
    "video.retry": "点按或回车重试",
    "video.none": "附近没有摄像机",
    "video.none_more": "没有摄像机看得见这里",
    "video.sees": "看得见现场",
    "video.blind": "看不见现场",
    "video.metres": "米",
    "video.owner": "来源",
    "video.stream_sub": "辅码流",
    "video.stream_main": "主码流",
    "video.vlc_missing": "没有找到 VLC 组件（libVLC），录像和网关视频改用内置播放器。",
    "video.vlc_no_rtsp": "本机的 VLC 组件（libVLC）不能打开 RTSP，改用内置播放器。",
    "video.replay": "点按或回车重放",
    "video.clip_stopped": "录像已保存",
    "video.clip_disk_full": "磁盘将满，录像到此为止，之前的已保存",
    "video.clip_not_written": "录像没有写成",
    "video.clip_nothing": "摄像机没有送来画面，没有录像",
    "video.clip_longest": "录像满一小时，已保存；继续请再录",
}
WORDS_EN: dict[str, str] = {
    "video.title": "Cameras that see the place",
    "video.nearby": "Cameras nearby",
    "video.waiting": "Waiting for address",
    "video.connecting": "Connecting",
    "video.live": "Live",
    "video.fewer": "fewer frames",
    "video.keys_only": "key frames only",
    "video.stale": "Picture late",
    "video.frozen": "Picture frozen",
    "video.reconnecting": "Reconnecting",
    "video.refused": "Access refused",
    "video.wrong_address": "Wrong address",
    "video.no_video": "No video",
    "video.playback": "Playback",
    "video.ended": "Ended",
    "video.no_signal": "No signal",
    "video.last_picture": "last picture",
    "video.seconds": "s",
    "video.minutes": "min",
    "video.ago": "ago",
    "video.retry": "Click or Enter: retry",
    "video.none": "No camera nearby",
    "video.none_more": "No camera sees this place",
    "video.sees": "sees the place",
    "video.blind": "does not see the place",
    "video.metres": "m",
    "video.owner": "Source",
    "video.stream_sub": "Sub stream",
    "video.stream_main": "Main stream",
    "video.vlc_missing": "No VLC (libVLC) was found: recordings and gateway video are played by the built-in player.",
    "video.vlc_no_rtsp": "The VLC (libVLC) on this machine cannot open RTSP: the built-in player does it.",
    "video.replay": "Click or Enter: play again",
    "video.clip_stopped": "The clip is saved",
    "video.clip_disk_full": "The disk is nearly full: the clip ends here, what came before is saved",
    "video.clip_not_written": "The clip could not be written",
    "video.clip_nothing": "The camera sent no pictures: there is no clip",
    "video.clip_longest": "The clip is an hour long and saved; record again for more",
}
LANGUAGES: dict[str, dict[str, str]] = {"zh": WORDS_ZH, "en": WORDS_EN}


def say_in(language: str) -> Say:
    """The texts of one language, 'zh' or 'en'; KeyError for a key there is no text for."""
    return LANGUAGES[language].__getitem__
