"""The grammar as data: every verb in Chinese, pinyin initials and English, with the arguments it takes; plain.

A verb names an action: a word of governance.commands.COMMANDS (domain model B.2 and B.8), or an action of the key table.
The first Chinese and the first English word are what the action is called. Initials follow B.8 where that gives them.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.command.desk_verbs import DESK


@dataclass(frozen=True, slots=True)
class Verb:
    """One action as it may be said."""

    action: str
    zh: tuple[str, ...]
    initials: tuple[str, ...]
    en: tuple[str, ...]
    takes: tuple[str, ...] = ()
    """Kinds of argument in the order they are asked for (values.KINDS); one that must be said ends with `!`."""
    kind: str = ""
    """Chosen by the verb itself: 缓办 is the request suspend_defer."""
    back: str = ""
    """The action that takes this one back. Only such an action is sent without a look at its form."""
    is_order: bool = True
    """Whether it is a command of the rules; otherwise the desk does it by itself."""
    in_full: bool = False
    """Whether no part of its words will do: it ends something."""

    @property
    def words(self) -> tuple[str, ...]:
        """All its words."""
        return (*self.zh, *self.initials, *self.en)

    @property
    def slots(self) -> tuple[str, ...]:
        """The kinds of argument it takes."""
        return tuple(each.rstrip("!") for each in self.takes)

    @property
    def must(self) -> tuple[str, ...]:
        """The kinds of argument it cannot do without."""
        return tuple(each[:-1] for each in self.takes if each.endswith("!"))

    def name(self, language: str) -> str:
        """What the action is called."""
        return self.zh[0] if language == "zh" else self.en[0].replace("-", " ")


def _order(action: str, zh: str, initials: str, en: str, takes: str, back: str = "", kind: str = "") -> Verb:
    return Verb(action, _parts(zh), _parts(initials), _parts(en), _parts(takes), kind, back)


def _parts(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def _of_desk(action: str, words: str, takes: str) -> Verb:
    zh, initials, en = words.split("|")
    ends = action in ("send", "sign_off")
    return Verb(action, _parts(zh), _parts(initials), _parts(en), _parts(takes), is_order=False, in_full=ends)


ORDERS: tuple[Verb, ...] = (
    # taking in
    _order("report", "上报 新建 登记", "sb", "report new", "text category"),
    _order("attach", "并入 附加 归并上报", "br fj", "attach", "incident text"),
    _order("send_verify", "核实 发核实", "hs fhs", "verify", "workers incident text"),
    _order("verify_result", "核实结果 核实反馈", "hsjg hsfk", "verified", "incident text!"),
    _order("file", "受理 立案", "sl la", "file take-in", "incident category reason"),
    _order("self_handle", "自办 自行处置", "zb zxcz", "self-handle", "incident text"),
    _order("reject", "不予受理 不予立案", "bysl byla", "reject", "code incident reason!"),
    _order("reconsider", "复核 复议", "fuhe fyi", "reconsider", "incident reason!"),
    _order("transfer_out", "移交 移送 转出", "yj ys zc", "transfer", "target! incident reason"),
    # sending
    _order("dispatch", "派单 派遣 交办 派", "pd pq jb", "dispatch assign", "workers! incident unit reason text", "recall"),
    _order("claim", "认领 领办", "rl lb", "claim", "incident", "recall"),
    _order("direct_order", "指令直达 直达", "zd zlzd", "direct", "workers! incident text", "recall"),
    _order("take_lead", "接替主办 接替", "jtzb jt", "take-lead", "workers incident"),
    _order("add_assist", "增派协办 增派 协办", "zpxb xb", "assist", "workers! incident text"),
    _order("release_assist", "解除协办 解除", "jcxb jc", "release", "workers! incident reason!"),
    _order("reassign", "改派 换人", "gp hr", "reassign", "workers! incident reason! text", "recall"),
    _order("recall", "撤回 收回派单", "ch shpd", "recall", "incident reason!"),
    _order("arbitrate", "指定承办 裁定", "zdcb cd", "arbitrate", "unit! workers incident reason!"),
    _order("raise_level", "提级 上报上级", "tj sbsj", "raise escalate", "level incident reason!"),
    _order("lower_level", "下派 退回下级", "xp thxj", "lower hand-down", "level incident reason!"),
    # those who go
    _order("ack", "签收", "qs", "ack acknowledge", "incident"),
    _order("accept", "接单", "jd", "accept", "incident"),
    _order("decline", "无法前往 拒单", "wfqw jud", "decline", "code! incident reason"),
    _order("arrive", "到场 到达现场", "dc ddxc", "arrive", "incident reason"),
    _order("progress", "进展 续办情况", "jz xbqk", "progress", "incident text!"),
    _order("complete", "处置完成 完成", "wc czwc", "complete done", "incident text!"),
    # asking and granting
    _order("request", "退回 退单", "th", "return request_return", "incident reason!", kind="return"),
    _order("request", "缓办", "hb", "defer suspend_defer", "until! incident reason!", kind="suspend_defer"),
    _order("request", "挂账", "gz", "park suspend_list", "until! incident reason!", kind="suspend_list"),
    _order("request", "延期", "yq", "extend", "until! incident reason!", kind="extend"),
    _order("request", "特殊结案 特结", "tsja tejie", "special-close close_special", "incident reason!", kind="close_special"),
    _order("request", "作废", "zf", "void", "incident reason!", kind="void"),
    _order("request", "申请", "sq", "request", "kind! until incident reason!"),
    _order("approve", "同意 批准", "ty pz", "approve", "incident reason"),
    _order("deny", "驳回 不同意", "bh bty", "deny", "incident reason!"),
    _order("resume", "恢复 恢复办理", "hfbl huifu", "resume", "incident reason"),
    # closing
    _order("send_check", "核查 发核查", "hc fhc", "check", "workers incident"),
    _order("check_pass", "办结 结案 核查通过", "bj ja hctg", "close pass", "incident text"),
    _order("check_fail", "返工 核查不通过", "fg hcbtg", "rework fail", "incident reason!"),
    _order("feedback", "回访 反馈", "hf fk", "callback feedback", "incident stars text!"),
    _order("mark_feedback", "回音结果", "hyjg", "echo", "kind! incident reason"),
    _order("reopen", "重办 重新办理", "chb cxbl", "reopen", "incident reason!"),
    # several incidents
    _order("merge", "合并 并案", "heb ba", "merge", "sources! incident reason", "unmerge"),
    _order("unmerge", "取消合并 撤销并案", "qxhb cxba", "unmerge", "incident reason!"),
    _order("split", "拆分 分案", "cf fa", "split", "incident reason"),
    # looking on and telling
    _order("set_severity", "定级", "dj", "severity", "severity! incident reason!"),
    _order("urge", "催办", "cb cub", "urge", "incident text"),
    _order("supervise", "督办", "db", "supervise", "grade! incident reason!", "close_supervision"),
    _order("reply_supervision", "答复督办 督办回复", "dfdb dbhf", "reply-supervision", "incident text!"),
    _order("reject_reply", "退回答复", "thdf", "reject-reply", "incident reason!"),
    _order("close_supervision", "结束督办 督办销号", "jsdb dbxh", "close-supervision", "incident reason"),
    _order("notify_out", "联动通报 通报", "td ldtb tb", "notify", "target! incident text"),
    _order("dial", "拨号 打电话", "boh ddh", "dial", "incident"),
    _order("report_leader", "报告领导 报告带班领导 报告", "bgld bg", "tell-leader", "incident text"),
    _order("answer_report", "批示 领导批示", "pshi ldps", "answer-report", "incident text"),
    _order("emergency_report", "应急报告", "yjbg", "emergency-report", "kind! incident text"),
    _order("emergency_report", "首报", "yjsb", "first-report", "incident text", kind="first"),
    _order("emergency_report", "续报", "yjxb", "follow-up", "incident text", kind="followup"),
    _order("emergency_report", "终报", "yjzb", "final-report", "incident text", kind="final"),
    # putting right
    _order("correct", "更正 订正", "dz gzdd", "correct", "category incident reason!"),
    _order("edit", "修改 编辑", "xg bianji", "edit", "incident edits!"),
    _order("backfill", "补录", "bl", "backfill", "category incident"),
)

VERBS: tuple[Verb, ...] = (*ORDERS, *(_of_desk(*row) for row in DESK))

OF_WORD: dict[str, Verb] = {word: verb for verb in VERBS for word in verb.words}
BY_ACTION: dict[str, Verb] = {verb.action: verb for verb in reversed(VERBS) if not verb.kind}
"""Action -> the verb that names it; of a request and an emergency report the one that asks for the kind."""
_CHINESE = sorted((word for word in OF_WORD if not word.isascii()), key=len, reverse=True)


def verbs_of(typed: str) -> tuple[Verb, ...]:
    """The verbs a word may mean: the one that has it, else all that have a word beginning so; in the order of the table."""
    low = typed.lower()
    if low in OF_WORD:
        return (OF_WORD[low],)
    if not low:
        return ()
    return tuple(verb for verb in VERBS if not verb.in_full and any(word.startswith(low) for word in verb.words))


def glued(typed: str) -> tuple[Verb, str] | None:
    """The verb a Chinese word begins with, and what follows it without a space: 派李建国."""
    found = next((word for word in _CHINESE if typed.startswith(word) and len(word) < len(typed)), None)
    return (OF_WORD[found], typed[len(found) :]) if found else None


def shortest(word: str) -> str:
    """The shortest part of a verb's word, from its beginning, that means this verb and no other."""
    verb = OF_WORD[word]
    return next((word[:end] for end in range(1, len(word)) if verbs_of(word[:end]) == (verb,)), word)
