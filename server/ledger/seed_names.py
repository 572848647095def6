"""Chinese names for the people of a seeded district."""

from __future__ import annotations

import random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红梅建国志鹏飞斌波辉琳雪莹欣怡佳宁晨浩宇轩博文俊凯"
    "航阳林海峰春秋雨云燕琴慧颖婷瑶倩楠萍蓉薇岚松柏青山川江河源泉清正义诚信德仁礼智"
)


def people(rng: random.Random, count: int) -> list[str]:
    """So many names, mostly of three characters; some meet twice, as in life."""
    return [rng.choice(SURNAMES) + rng.choice(GIVEN) + (rng.choice(GIVEN) if rng.random() < 0.8 else "") for _ in range(count)]
