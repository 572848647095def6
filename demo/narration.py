"""What the demo says while it works: one line a step on standard error, Chinese or English."""

from __future__ import annotations

import sys
import time

LINES: dict[str, tuple[str, str]] = {
    "town_reading": ("读取城区文件 {file}", "reading the town in {file}"),
    "town_grids": (
        "{share} 读完（{seconds} 秒），沿道路与水系划分网格",
        "{share} read ({seconds} s), dividing along roads and water",
    ),
    "town_cameras": ("{share} 网格已划分（{seconds} 秒），布设摄像机", "{share} divided ({seconds} s), placing cameras"),
    "town_making": ("生成城区（种子 {seed}）", "making a district (seed {seed})"),
    "town_is": (
        "{name}：{streets} 个街道、{communities} 个社区（村）、{grids} 个网格、{buildings} 栋建筑、{cameras} 台摄像机；"
        "{fit} 的网格内界沿道路或水系",
        "{name}: {streets} streets, {communities} communities, {grids} grids, {buildings} buildings, {cameras} cameras; "
        "{fit} of inner grid boundaries follow roads or water",
    ),
    "poor_fit": (
        "注意：只有 {fit} 的网格内界沿道路或水系（应不少于 {least}）；减小 --grids 可改善",
        "note: only {fit} of inner grid boundaries follow roads or water ({least} are wanted); fewer --grids would do better",
    ),
    "database": ("启动私有数据库", "starting the private database"),
    "ledger": ("建立台账：{workers} 名网格员", "filling the ledger: {workers} grid workers"),
    "reuse": ("沿用已有数据（--fresh 可清空重来）", "using the data that is here (--fresh starts anew)"),
    "fresh": ("清空演示数据", "removing the demo's data"),
    "ready": ("就绪，用时 {seconds} 秒", "ready after {seconds} s"),
    "sign_on": (
        "账号 {login}；全部口令在 {file}。另开一个工作台：./gridwarden desk --server-file {server}",
        "account {login}; all passwords are in {file}. One more desk: ./gridwarden desk --server-file {server}",
    ),
    "wall": (
        "大屏 {wall}：./gridwarden wall --wall {wall} --home {home}",
        "wall {wall}: ./gridwarden wall --wall {wall} --home {home}",
    ),
    "intake": ("受理入口 https://{host}:{port}/v1/openapi.json", "intake at https://{host}:{port}/v1/openapi.json"),
    "died": ("{name} 意外退出，正在重启", "{name} ended unexpectedly and is started again"),
    "crash loop": ("{name} 反复退出：{detail}", "{name} keeps ending: {detail}"),
    "other_town": (
        "{home} 里的数据与此不同（{what}）；加 --fresh 重来，或用 --home 另选文件夹",
        "{home} holds something else ({what}); start anew with --fresh or choose another folder with --home",
    ),
    "foreign": (
        "{home} 里有数据，却没有演示的标记 demo.json（可能属于正式服务），不会动它；请用 --home 另选文件夹，或自行移走该文件夹",
        "{home} holds data without a demonstration's mark demo.json (a service's, perhaps) and is left alone; "
        "choose another folder with --home, or move this one away yourself",
    ),
    "few_workers": (
        "{workers} 名网格员不够 {grids} 个网格；--workers 至少为 {grids}",
        "{workers} workers cannot staff {grids} grids; --workers must be at least {grids}",
    ),
    "no_grids": ("--grids 与 --within 只用于 --town，已忽略", "--grids and --within are for --town only and were ignored"),
    "no_display": (
        "没有图形显示（DISPLAY 未设置）；可用 --without-desk 只开服务，或 --smoke 无屏自检",
        "there is no display (DISPLAY is not set); --without-desk runs the server only, --smoke checks without a screen",
    ),
    "bad_town": ("无法使用 {file}：{why}", "cannot use {file}: {why}"),
    "cannot": ("无法启动：{why}", "cannot start: {why}"),
    "stopping": ("正在结束", "ending"),
}


class Narration:
    """Says one line a step; any thread."""

    def __init__(self, language: str) -> None:
        """Chinese unless the language is en."""
        self._column = 1 if language == "en" else 0
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the demo began."""
        return time.monotonic() - self._began

    def text(self, key: str, **values: object) -> str:
        """One line of LINES with its values."""
        return LINES[key][self._column].format(**values)

    def say(self, key: str, **values: object) -> None:
        """The line stands on standard error, behind the seconds since the start."""
        print(f"[{self.seconds:5.1f} s] {self.text(key, **values)}", file=sys.stderr, flush=True)
