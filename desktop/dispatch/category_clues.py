"""Which category the words of a report speak for: a table of clues per leaf, and the leaf they point to; plain."""

from __future__ import annotations

from dataclasses import dataclass

from governance.rules import Rules

CLUES: dict[str, tuple[str, ...]] = {
    "党员服务诉求": ("党员", "党支部", "党费", "party member"),
    "志愿服务": ("志愿者", "义工", "志愿", "volunteer"),
    "结对走访": ("走访", "结对", "慰问", "paired visit"),
    "企业诉求": ("企业", "公司反映", "营商", "enterprise", "company asks"),
    "欠薪苗头": ("欠薪", "拖欠工资", "讨薪", "工资没发", "unpaid wage", "wages not paid"),
    "项目推进受阻": ("项目推进", "征迁", "阻工", "project held"),
    "暴露垃圾": ("垃圾", "满溢", "杂物堆", "rubbish", "garbage", "litter", "trash"),
    "占道经营": ("占道", "摆摊", "流动摊", "摊贩", "stall", "hawker", "street vendor"),
    "违法建设": ("违建", "违法建设", "搭建", "加层", "illegal building", "illegal construction"),
    "道路破损": ("路面破损", "坑洼", "路面塌陷", "塌陷", "人行道", "道路破损", "pothole", "damaged road", "pavement"),
    "水管爆裂": ("水管", "爆管", "爆裂", "漏水", "冒水", "burst pipe", "water pipe", "water main", "leaking water"),
    "噪声扰民": ("噪声", "噪音", "扰民", "太吵", "夜间施工", "noise", "noisy", "loud"),
    "独居老人求助": ("独居", "老人", "老太", "elderly", "lives alone", "old man", "old woman"),
    "流浪乞讨救助": ("流浪", "乞讨", "露宿", "homeless", "beggar"),
    "困难家庭帮扶": ("困难家庭", "低保", "贫困", "household in need", "poverty"),
    "疑似传染病": ("传染", "发热", "疫情", "腹泻", "infectious", "fever", "epidemic"),
    "环境卫生死角": ("卫生死角", "蚊蝇", "老鼠", "蟑螂", "恶臭", "insanitary", "rats", "vermin"),
    "无证行医": ("无证行医", "黑诊所", "游医", "unlicensed clinic", "unlicensed doctor"),
    "医疗急救": ("昏迷", "晕倒", "急救", "心脏病", "不省人事", "unconscious", "heart attack", "ambulance", "collapsed"),
    "咨询求助": ("咨询", "请问", "怎么办理", "question", "how do i"),
    "公共设施报修": (
        "路灯",
        "报修",
        "健身器材",
        "座椅",
        "护栏",
        "street lamp",
        "streetlight",
        "street light",
        "repair",
        "bench",
    ),
    "停水停电": ("停水", "停电", "断电", "没电", "没水", "power cut", "blackout", "no water", "no power"),
    "电梯困人": ("电梯", "困人", "被困电梯", "lift", "elevator"),
    "治安隐患": ("盗窃", "小偷", "撬锁", "治安", "theft", "thief", "burglar"),
    "群租房": ("群租", "隔断房", "overcrowded", "group letting"),
    "流动人口登记": ("流动人口", "租客登记", "居住证", "residence permit", "registration of residents"),
    "聚众闹事": ("聚众", "闹事", "打架", "斗殴", "围堵", "crowd", "fight", "brawl"),
    "治安警情": ("抢劫", "持刀", "伤人", "威胁人身", "robbery", "robbed", "stabbing", "threatened with"),
    "邻里纠纷": ("邻居", "邻里", "楼上楼下", "neighbour", "neighbor"),
    "家庭纠纷": ("家暴", "夫妻", "家庭纠纷", "domestic", "husband", "wife"),
    "劳资纠纷": ("劳资", "辞退", "工伤", "劳动合同", "dismissed", "labour dispute", "labor dispute"),
    "物业纠纷": ("物业", "业委会", "停车费", "estate office", "property management"),
    "燃气泄漏": ("燃气", "煤气", "天然气", "煤气味", "瓦斯", "gas"),
    "火情": ("起火", "着火", "火灾", "浓烟", "冒烟", "明火", "火情", "fire", "smoke", "burning"),
    "消防通道堵塞": ("消防通道", "堵塞通道", "楼道堆物", "生命通道", "fire lane", "fire exit", "fire escape"),
    "井盖缺失": ("井盖", "窨井", "manhole"),
    "道路积水": ("积水", "内涝", "淹水", "flooded", "flooding", "standing water"),
    "高空坠物隐患": ("高空", "坠物", "外墙脱落", "广告牌松动", "about to fall", "falling from", "loose cladding"),
    "交通事故": ("交通事故", "车祸", "撞车", "追尾", "traffic accident", "car crash", "collision"),
    "食品安全": ("食品", "变质", "过期", "食物中毒", "food poisoning", "spoiled food", "food safety"),
    "无照经营": ("无照", "无证经营", "without licence", "no licence"),
    "价格欺诈": ("价格", "宰客", "乱收费", "overcharg", "price fraud"),
    "特种设备隐患": ("锅炉", "压力容器", "起重机", "塔吊", "boiler", "crane", "pressure vessel"),
}
"""Chinese name of a leaf -> words that speak for it, in both languages, lower case. A leaf of a district's own that is
not here is still found by its own name."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category the words of a report speak for, and the word that spoke most."""

    code: str
    word: str


def suggestion(rules: Rules, text: str) -> Suggestion | None:
    """The leaf most of a text speaks for; None where nothing does, or two do equally.

    A clue counts by its length, so that 消防通道 outweighs 堵塞; an English clue counts where a word begins with it.
    """
    found: list[tuple[float, str, str]] = []
    for category in rules.categories.values():
        if not category.is_leaf:
            continue
        names = (category.name_zh, category.name_en.lower())
        spoken = [clue for clue in (*names, *CLUES.get(category.name_zh, ())) if _speaks(clue, text.lower())]
        if spoken:
            longest = max(spoken, key=_weight)
            found.append((sum(map(_weight, spoken)), category.code, longest))
    found.sort(reverse=True)
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return Suggestion(found[0][1], found[0][2])


def _weight(clue: str) -> float:
    """A Chinese character says about as much as three letters."""
    return len(clue) / 3 if clue.isascii() else float(len(clue))


def _speaks(clue: str, low: str) -> bool:
    if not clue.isascii():
        return clue in low
    at = low.find(clue)
    while at >= 0:
        if at == 0 or not low[at - 1].isalnum():
            return True
        at = low.find(clue, at + 1)
    return False
