"""What the intake answers when it cannot do what was asked: one JSON shape, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse

from governance.refusal import Refused
from server.intake.refused_words import REFUSED
from wire.frames import Malformed

WORDS: dict[str, tuple[int, str, str]] = {
    "bad_json": (400, "内容不是有效的 JSON", "The body is not valid JSON"),
    "bad_form": (400, "表单无法读取", "The form cannot be read"),
    "missing": (400, "缺少必填项", "A required field is missing"),
    "bad_value": (400, "字段取值不正确", "A field has a wrong value"),
    "bad_place": (400, "坐标不正确", "That is no place on earth"),
    "bad_datum": (400, "未知坐标系，应为 WGS84、CGCS2000 或 GCJ02", "Unknown datum: use WGS84, CGCS2000 or GCJ02"),
    "text_too_long": (
        413,
        "文字过长：正文最多 2000 字，其他栏更短",
        "Too long: at most 2,000 characters, less in other fields",
    ),
    "too_large": (413, "内容过大", "The body is too large"),
    "too_many": (413, "数量过多", "Too many items at once"),
    "bad_photo": (415, "只接受 JPEG、PNG 或 WebP 图片", "Only JPEG, PNG or WebP pictures are taken"),
    "not_logged_on": (401, "未登录或登录已过期", "Not logged on, or no longer"),
    "wrong_secret": (401, "设备编号或密钥错误", "Unknown device or wrong secret"),
    "not_yours": (404, "没有这项任务", "There is no such task of yours"),
    "no_such_report": (404, "查无此件", "There is no such report"),
    "not_found": (404, "没有这个地址", "There is nothing here"),
    "method_not_allowed": (405, "不支持的请求方法", "This method is not possible here"),
    "key_reused": (422, "同一幂等键对应了不同内容", "The same idempotency key came with other content"),
    "in_the_future": (422, "时间不能晚于现在", "That time is still to come"),
    "outside_district": (422, "位置不在本区范围内", "The place is outside the district"),
    "visit_ends_first": (422, "结束时间应晚于开始时间", "A visit ends after it begins"),
    "visit_too_long": (422, "一次走访不超过 12 小时", "A visit lasts 12 hours at most"),
    "visit_not_over": (422, "走访尚未结束", "The visit is not over yet"),
    "visit_too_old": (422, "只能补录 7 天以内的走访", "Only visits of the last 7 days are taken"),
    "visit_overlaps": (409, "与已登记的走访时间重叠", "It overlaps a visit told before"),
    "patrol_of_household": (422, "巡查不填走访户；走访到户请选走访", "A round visits no household: tell of a visit"),
    "household_needed": (422, "请填写走访户（门牌）", "Say which household was visited"),
    "not_seen_there": (422, "该时段没有您在附近的定位，请说明原因", "No position shows you there: say why"),
    "too_often": (429, "操作过于频繁，请稍后再试", "Too many requests: wait a little"),
    "too_many_photos": (429, "上传的照片过多，请稍后再试", "Too many photos: wait a little"),
    "no_room": (507, "服务器存储空间不足，暂不接收照片，请先不带照片提交", "No room for photos now: send it without"),
    "no_post": (403, "您已没有在岗岗位，请联系值班员", "You hold no post any more: ask the duty officer"),
    "key_held": (409, "该公钥已登记在另一台设备名下", "Another device sends under this key"),
    "busy": (503, "系统繁忙，请稍后重试", "Busy: try again in a moment"),
    "bug": (500, "系统内部错误", "Something went wrong here"),
    "stale_version": (409, "任务刚刚有变动，请重试", "The task has just changed: try again"),
    "assist_open": (
        409,
        "协办的 {name} 还没有报完成。请先联系他们报完成，您再报处置完成",
        "{name}, who assist you, are still at work: have them say they are done, then complete it yourself",
    ),
    "photo_needed": (409, "缺照片：请拍下处置后的样子附上", "A photo is missing: add one of how it is now"),
    "refused": (409, "当前状态不允许此操作", "That is not possible now"),
} | {code: (409, zh, en) for code, (zh, en) in REFUSED.items()}
"""Code -> HTTP status, Chinese, English. A rule's refusal whose code is not here is answered as 409 with its own code."""


class TurnedAway(Exception):
    """The request stops here: a code of WORDS, and when to come again."""

    def __init__(self, code: str, about: str = "", retry_after_s: float | None = None) -> None:
        """Keep what the answer needs."""
        super().__init__(code)
        self.code = code
        self.about = about
        self.retry_after_s = retry_after_s


def problem(
    code: str,
    about: str = "",
    status: int | None = None,
    retry_after_s: float | None = None,
    details: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer that names a problem: {"code", "about", "zh", "en"}; `details` go into the words that name them."""
    usual, zh, en = WORDS.get(code, WORDS["refused"])
    headers: Mapping[str, str] | None = None
    if retry_after_s is not None:
        headers = {"Retry-After": str(max(1, round(retry_after_s)))}
    body = {"code": code, "about": about, "zh": zh.format(**(details or {})), "en": en.format(**(details or {}))}
    return JSONResponse(body, status_code=status or usual, headers=dict(headers) if headers else None)


def refusal(refused: Refused) -> JSONResponse:
    """The answer to a request that a rule forbids."""
    return problem(refused.code, refused.about, details=refused.details)


def malformed(wrong: Malformed) -> JSONResponse:
    """The answer to bytes that are not what the interface says; `about` names the field."""
    return problem(wrong.reason if wrong.reason in WORDS else "bad_value", wrong.detail[:60])
