"""What is wrong with a ledger, one finding each, and how it is said in both languages; plain."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the log says."""

    code: str
    """step, field, belongings, unreadable, no_steps, number_missing, stream, anchor_gone, anchor_changed."""
    where: str
    """Number of the incident, or the stream."""
    seq: int = 0
    """Step of its log, or number within the stream."""
    what: str = ""
    """Which field, group or number."""


_WORDS = {
    "step": (
        "{where} 第 {seq} 步（{what}）被改动：散列值不符",
        "{where}, step {seq} ({what}) was altered: its hash does not fit",
    ),
    "field": ("{where} 的“{what}”与流转记录不符", "{where}: {what} is not what its log says"),
    "belongings": (
        "{where} 的 {what} 与第 {seq} 步之后不符",
        "{where}: its {what} are not what step {seq} left",
    ),
    "unreadable": ("{where} 读不出来：{what}", "{where} cannot be read: {what}"),
    "no_steps": ("{where} 没有流转记录", "{where} has no log"),
    "number_missing": ("编号 {where} 的事件不见了", "incident {where} is gone"),
    "stream": ("变更流 {where} 在第 {seq} 号处中断", "stream {where} breaks off at number {seq}"),
    "anchor_gone": ("底稿里的 {where} 第 {seq} 步不见了", "{where}, step {seq} of the anchor is gone"),
    "anchor_changed": (
        "{where} 第 {seq} 步与底稿不符：整条记录被重写",
        "{where}, step {seq} is not what the anchor holds: the log was written anew",
    ),
}


def sentence(finding: Finding) -> str:
    """A finding in Chinese and English, one line."""
    zh, en = _WORDS[finding.code]
    told = {"where": finding.where, "seq": finding.seq, "what": finding.what}
    return f"{zh.format(**told)} / {en.format(**told)}"
