"""What the command line says of indicators, in Chinese and English."""

from __future__ import annotations

SAID: dict[str, tuple[str, str]] = {
    "column.month": ("月份", "month"),
    "column.boundaries": ("区划", "boundaries"),
    "column.state": ("状态", "state"),
    "column.subject": ("编码", "id"),
    "column.name": ("名称", "name"),
    "column.code": ("指标", "code"),
    "column.indicator": ("指标名称", "indicator"),
    "column.num": ("分子", "numerator"),
    "column.den": ("分母", "denominator"),
    "column.raw": ("扣除前分母", "denominator before deduction"),
    "column.value": ("数值", "value"),
    "column.unit": ("单位", "unit"),
    "column.target": ("目标", "target"),
    "column.direction": ("方向", "better"),
    "column.missing": ("无数值的原因", "why there is no value"),
    "boundaries.filing": ("立案时区划", "as at filing"),
    "boundaries.current": ("现行区划", "in force now"),
    "state.open": ("未冻结", "open"),
    "state.frozen": ("已冻结", "frozen"),
    "state.published": ("已公布", "published"),
    "unit.count": ("件", "items"),
    "unit.percent": ("%", "%"),
    "unit.hours": ("小时", "hours"),
    "unit.minutes": ("分钟", "minutes"),
    "unit.times": ("倍", "times"),
    "unit.per_100": ("每百件", "per 100"),
    "direction.up": ("越高越好", "higher"),
    "direction.down": ("越低越好", "lower"),
    "direction.none": ("不评价", "neither"),
    "missing.nothing": ("本月没有此类事项", "nothing of the kind happened"),
    "missing.few": ("不足五人，不予显示", "fewer than five persons: not shown"),
    "head": ("{month} · {name} · {boundaries} · {state}", "{month} · {name} · {boundaries} · {state}"),
    "frozen": ("{month} 已冻结，摘要 {digest}", "{month} is frozen, digest {digest}"),
    "published": ("{month} 已公布", "{month} is published"),
    "same": ("{month} 重算一致：{digest}", "{month} comes to the same again: {digest}"),
    "not_same": (
        "{month} 重算不一致：{count} 项与冻结时不同，台账或冻结数被改动过",
        "{month} does not come to the same again: {count} figures differ, the ledger or they were tampered with",
    ),
    "broken": (
        "  {name} {indicator}（{boundaries}）：冻结 {frozen}，重算 {now}",
        "  {name} {indicator} ({boundaries}): frozen {frozen}, now {now}",
    ),
    "later": (
        "冻结之后又有变化：{count} 项按今天的台账会不同，冻结数不改",
        "changed since: {count} figures would differ by today's ledger; what is frozen stays",
    ),
    "nothing_later": ("冻结之后没有变化", "nothing has changed since"),
    "written": ("已写入 {file}，{rows} 行，导出编号 {id}", "written to {file}, {rows} rows, export {id}"),
    "password": ("{login} 的口令：", "password of {login}: "),
    "no_such_month": ("没有这个月份：{month}（如 2026-10）", "there is no month {month} (say 2026-10)"),
    "no_such_area": ("没有这个区域：{area}", "there is no area {area}"),
    "month_not_over": ("{month} 还没有结束，不能冻结", "{month} is not over and cannot be frozen"),
    "month_frozen": ("{month} 已经冻结，冻结数不再改动", "{month} is frozen already; what is frozen stays"),
    "month_open": ("{month} 还没有冻结", "{month} is not frozen"),
    "month_busy": ("另有人正在冻结 {month}", "somebody else is freezing {month}"),
    "month_published": ("{month} 已经公布", "{month} is published already"),
    "not_your_role": ("冻结和公布是督考员的事", "an auditor freezes and publishes"),
    "login_wrong": ("账号或口令不对", "login or password is wrong"),
    "account_locked": ("账号已锁定", "the account is locked"),
    "account_closed": ("账号已停用", "the account is closed"),
    "not_auditor": ("{login} 今天不在督考岗位上", "{login} holds no auditor's post today"),
    "cannot_write": ("写不了 {file}：{why}", "cannot write {file}: {why}"),
    "home_wrong": ("{home} 不是数据文件夹", "{home} is no data folder"),
    "unreachable": ("数据库没有应答，请先启动服务", "the database does not answer; start the server first"),
}


def say(language: str, code: str, /, **params: object) -> str:
    """One sentence."""
    chinese, english = SAID[code]
    return (chinese if language == "zh" else english).format(**params)
