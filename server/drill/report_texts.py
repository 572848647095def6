"""What people report: a line or two for every leaf of the ten categories, its weight, and who sees such things."""

from __future__ import annotations

from dataclasses import dataclass

from governance.incident import Urgency


@dataclass(frozen=True, slots=True)
class Matter:
    """One kind of thing to report. {place} is where it is; weight says how often beside the others."""

    category: str
    texts: tuple[str, ...]
    weight: float = 1.0
    urgency: Urgency = Urgency.NORMAL
    indoors: bool = False
    """At a building; on a road otherwise."""


U = Urgency
MATTERS = (
    Matter("01.01", ("{place}党员活动室门锁坏了，老党员没法参加学习，请帮忙协调。",), 0.5, indoors=True),
    Matter("01.02", ("{place}周末清洁家园缺志愿者，希望社区帮忙招募。",), 0.5),
    Matter("01.03", ("结对走访发现{place}一户老人家里热水器坏了，请跟进。",), 0.6, indoors=True),
    Matter("02.01", ("{place}一家小微企业反映招工难，想了解稳岗补贴政策。",), 0.6, indoors=True),
    Matter("02.02", ("{place}工地工人说两个月没发工资，有人准备去讨要说法。",), 0.6, indoors=True),
    Matter("02.03", ("{place}旧改项目因管线迁改停工一周，居民意见大。",), 0.4),
    Matter("03.01", ("{place}路边垃圾堆了两天没人清，味道很大。", "{place}有人偷倒装修垃圾，占了半条人行道。"), 3.0),
    Matter("03.02", ("{place}烧烤摊占道经营，行人只能走机动车道。", "{place}流动菜贩占了盲道。"), 3.0),
    Matter("03.03", ("{place}楼顶正在搭彩钢板房，疑似违法建设。",), 0.8, indoors=True),
    Matter("03.04", ("{place}路面塌了一个坑，电动车已经摔了一个。", "{place}人行道地砖松动，老人容易绊倒。"), 1.8),
    Matter("03.05", ("{place}自来水管爆了，水流到马路上。",), 0.7, U.URGENT),
    Matter("03.06", ("{place}工地夜里还在打桩，孩子没法睡。", "{place}广场舞音响太大，楼上受不了。"), 2.0),
    Matter("04.01", ("{place}独居老人两天没出门，敲门没人应。",), 0.8, U.URGENT, indoors=True),
    Matter("04.02", ("{place}桥洞下有流浪人员，天冷了需要救助。",), 0.6),
    Matter("04.03", ("{place}一户困难家庭主要劳力住院，想申请临时救助。",), 0.5, indoors=True),
    Matter("05.01", ("{place}托幼点几个孩子同时呕吐，家长很担心。",), 0.3, U.URGENT, indoors=True),
    Matter("05.02", ("{place}河边草丛积水发臭，蚊虫很多。", "{place}公厕两侧卫生死角没人打扫。"), 1.2),
    Matter("05.03", ("{place}出租房里有人给人拔牙，没有看到执照。",), 0.3, indoors=True),
    Matter("05.04", ("{place}有位老人突然晕倒，叫不醒，请快来人。",), 0.2, U.IMMEDIATE),
    Matter("06.01", ("想问一下{place}附近居住证在哪里办，需要什么材料。",), 1.0, indoors=True),
    Matter("06.02", ("{place}路灯坏了三盏，晚上一片漆黑。", "{place}健身器材的螺丝松了，小孩在上面玩很危险。"), 1.8),
    Matter("06.03", ("{place}整幢楼突然停电，已经一个小时。",), 0.8, indoors=True),
    Matter("06.04", ("{place}电梯困人，里面有一个老人和一个小孩。",), 0.4, U.IMMEDIATE, indoors=True),
    Matter("07.01", ("{place}电动车棚连着几天丢电瓶，监控好像坏了。", "{place}陌生人挨家敲门推销，形迹可疑。"), 1.2),
    Matter("07.02", ("{place}三室的房子隔了八间出租，厨房也住了人。",), 1.0, indoors=True),
    Matter("07.03", ("{place}新开的足浴店来了十几名外来员工，还没登记。",), 0.9, indoors=True),
    Matter("07.04", ("{place}二十多人围在售楼处门口吵闹，情绪激动。",), 0.3, U.URGENT, indoors=True),
    Matter("07.05", ("{place}有人拿着刀追人，旁边的人都躲开了。",), 0.1, U.IMMEDIATE),
    Matter(
        "08.01", ("{place}楼上漏水泡了楼下天花板，两家吵起来了。", "{place}两户为了停车位推搡，请派人调解。"), 1.6, indoors=True
    ),
    Matter("08.02", ("{place}听到隔壁夫妻争吵摔东西，有小孩在哭。",), 0.8, U.URGENT, indoors=True),
    Matter("08.03", ("{place}饭店服务员说老板扣工资不给，双方争执。",), 0.7, indoors=True),
    Matter("08.04", ("{place}业主和物业因为停车费起争执，堵了小区大门。",), 1.0, indoors=True),
    Matter("09.01", ("{place}楼道里有很浓的煤气味，可能是燃气泄漏。",), 0.6, U.IMMEDIATE, indoors=True),
    Matter("09.02", ("{place}垃圾桶冒烟起火，旁边停着电动车。",), 0.4, U.IMMEDIATE),
    Matter(
        "09.03",
        ("{place}消防通道被私家车堵死，救援车进不来。", "{place}楼道里堆满纸箱和电动车，还拉线充电。"),
        2.2,
        indoors=True,
    ),
    Matter("09.04", ("{place}窨井盖不见了，只放了一根树枝。",), 0.9, U.URGENT),
    Matter("09.05", ("{place}下穿通道积水快没过膝盖，已有车熄火。",), 0.6, U.URGENT),
    Matter("09.06", ("{place}外墙瓷砖有掉下来的，下面是人行道。",), 0.8, U.URGENT, indoors=True),
    Matter("09.07", ("{place}两辆车追尾，占了一条车道，有人受轻伤。",), 0.3, U.URGENT),
    Matter("10.01", ("{place}早餐店用发黑的油，吃了拉肚子。", "{place}超市卖过期牛奶。"), 1.1, indoors=True),
    Matter("10.02", ("{place}地下室开了个小作坊做卤味，没有执照。",), 0.8, indoors=True),
    Matter("10.03", ("{place}停车场乱收费，跟公示牌不一样。",), 0.6),
    Matter("10.04", ("{place}电梯超过检验日期还在用，运行有异响。",), 0.6, indoors=True),
)

HOURLY = (2, 1, 1, 1, 1, 2, 5, 9, 12, 13, 12, 10, 8, 9, 11, 11, 11, 10, 9, 9, 8, 7, 5, 3)
"""How many of a day's reports come in each local hour, in parts of their sum."""
A_DAY = 240.0
"""Reports of a district in one day: between Jianggan's 91 filed and Longyou's 420 reported (domain model, seeds 81, 82)."""
