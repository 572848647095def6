"""Chinese texts of the desk: the past - the timeline, tracks, and what the server refuses about them."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # refusals
    "refused.past_too_long": "一次最多回放 {days} 天，请把时段改短。",
    "refused.past_too_wide": "这个时段的记录太多，服务器没能及时读完，请把时段改短再试。",
    "refused.track_too_long": "一次最多回放 {days} 天的轨迹，请把时段改短。",
    "refused.track_too_old": "轨迹只保存 {days} 天，请选近一些的时段。",
    "refused.track_too_many": "这个时段的位置超过 {most} 个，请把时段改短。",
    "refused.reason_too_short": "请写明查看轨迹的理由（至少 {letters} 个字），会记入审计。",
    "refused.reason_too_long": "理由太长，请不超过 {letters} 个字。",
    "refused.ask_track_again": "这次查看已过时，请重新填写理由再查看。",
}
