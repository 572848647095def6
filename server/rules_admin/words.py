"""What the commands of the rules say, in Chinese and in English: what is wrong in a file, what differs, what was done."""

from __future__ import annotations

import os
from collections.abc import Mapping

WRONG: dict[str, tuple[str, str]] = {
    "file_too_large": ("文件太大（{size} 字节，最多 {most}）", "the file is too large ({size} bytes, at most {most})"),
    "file_is_folder": ("这是文件夹，不是文件", "this is a folder, not a file"),
    "file_missing": ("没有这个文件", "there is no such file"),
    "file_forbidden": ("没有读取权限", "it may not be read"),
    "file_unreadable": ("读不了文件：{why}", "the file cannot be read: {why}"),
    "file_is_gbk": (
        "文件是 GBK 编码，请在表格软件中另存为“CSV UTF-8”",
        "the file is in GBK: save it as “CSV UTF-8” in your spreadsheet",
    ),
    "file_not_utf8": ("文件不是 UTF-8 文本", "the file is no UTF-8 text"),
    "file_empty": ("文件是空的", "the file is empty"),
    "file_kind_unknown": ("文件类型不认识，只接受 {known}", "a file of no kind we know; it must end in {known}"),
    "toml_wrong": ("TOML 语法错误：{why}", "this is no TOML: {why}"),
    "nothing_known": ("文件里没有规则：应有 {known}", "there are no rules in it: it should have {known}"),
    "header_wrong": ("表头不对，应为以下之一：{wanted}", "the header is wrong; it must be one of: {wanted}"),
    "column_unknown": ("不认识的列“{column}”，应为 {wanted}", "no such column: “{column}”; there are {wanted}"),
    "column_twice": ("列“{column}”出现两次", "the column {column} stands twice"),
    "column_missing": ("缺少列“{column}”，应为 {wanted}", "the column {column} is missing; there are {wanted}"),
    "cells_wrong": ("本行有 {found} 格，表头有 {wanted} 格", "the line has {found} cells, the header {wanted}"),
    "no_lines": ("表头下没有内容", "there is nothing under the header"),
    "too_many_lines": ("行数太多，最多 {most} 行", "too many lines, at most {most}"),
    "line_too_long": ("一行太长，最多 {most} 字", "a line is too long, at most {most} letters"),
    "part_twice": ("“{part}”已在 {file} 中给出，只能给一次", "{part} is given in {file} already; give it once"),
    "field_unknown": ("不认识的字段“{field}”", "no such field: {field}"),
    "needed": ("缺少“{field}”", "{field} is missing"),
    "not_a_text": ("“{field}”应是文字，且不超过 500 字", "{field} must be a text of at most 500 letters"),
    "not_yes_or_no": ("“{field}”只能是 true 或 false，不能是“{value}”", "{field} must be true or false, not {value}"),
    "not_a_number": ("“{field}”应是数字，不能是“{value}”", "{field} must be a number, not “{value}”"),
    "not_a_whole_number": ("“{field}”应是整数，不能是 {value}", "{field} must be a whole number, not {value}"),
    "not_more_than": ("“{field}”必须大于 {least}，不能是 {value}", "{field} must be more than {least}, not {value}"),
    "out_of_range": ("“{field}”应在 {least} 到 {most} 之间，不能是 {value}", "{field} must be {least} to {most}, not {value}"),
    "not_one_of": ("“{field}”不能是“{value}”，可选：{known}", "{field} cannot be “{value}”; there are {known}"),
    "not_a_list": ("“{field}”应是文字列表", "{field} must be a list of texts"),
    "not_tables": ("“{field}”写法不对，应是表", "{field} must be a table"),
    "not_a_day": ("没有“{value}”这一天，应写成 2026-02-28", "there is no day “{value}”; write 2026-02-28"),
    "not_a_time": ("“{value}”不是时间，应写成 08:30", "“{value}” is no time of the day; write 08:30"),
    "root_unknown": ("没有大类 {code}，大类固定为 {known}", "there is no root {code}; the roots are {known}"),
    "root_name": ("大类 {code} 的名称固定为“{name}”", "root {code} must be called {name}"),
    "roots_missing": ("缺少大类 {codes}", "roots are missing: {codes}"),
    "root_without_leaf": ("大类 {code} 下没有小类", "root {code} has no leaf"),
    "not_under_root": ("小类编码“{code}”应是 {root}.01 到 {root}.99", "leaf code “{code}” must be {root}.01 to {root}.99"),
    "category_twice": ("类别 {code} 重复，第 {first} 行已有", "category {code} stands in line {first} already"),
    "card_lines": ("处置卡中文 {zh} 行、英文 {en} 行，应一一对应", "the card has {zh} lines in Chinese and {en} in English"),
    "icon_unknown": ("没有图标“{icon}”", "there is no icon {icon}"),
    "category_unknown": ("没有类别“{category}”", "there is no category {category}"),
    "zero_lost": (
        "类别“{category}”的 0 被表格软件去掉了，可能是 {known}；请把该列设为文本",
        "a spreadsheet has dropped the 0 of category “{category}”, perhaps {known}: make the column text",
    ),
    "code_shortened": (
        "区域“{area}”被表格软件改成了科学计数法，请把该列设为文本",
        "a spreadsheet has shortened the area “{area}”: make the column text",
    ),
    "area_unknown": ("没有区域“{area}”", "there is no area {area}"),
    "limit_twice": ("与第 {first} 行是同一时限", "the same limit as in line {first}"),
    "limit_missing": ("环节 {stage} 的 {urgency} 没有通用时限", "no limit for stage {stage} and urgency {urgency}"),
    "limit_of_unknown": (
        "现有时限用到类别 {category}，但它已不在类别表里",
        "a limit in force is of category {category}, which is gone",
    ),
    "unit_unknown": ("没有单位“{unit}”", "there is no unit {unit}"),
    "duty_twice": ("与第 {first} 行重复", "the same row as line {first}"),
    "two_leads": (
        "区域 {area} 的类别 {category} 已在第 {first} 行定了主办单位",
        "category {category} has a lead in {area} already, in line {first}",
    ),
    "duty_of_unknown": (
        "权责清单用到类别 {category}，但它已不在类别表里",
        "the duty matrix is of category {category}, which is gone",
    ),
    "no_lead": (
        "类别 {categories} 在 {count} 个网格（{grids}）没有主办单位，也没有兜底单位",
        "categories {categories} have neither lead nor back-stop in {count} grids ({grids})",
    ),
    "no_queue": ("最高一级的区域 {area} 没有受理队列", "area {area} of the highest level has no queue"),
    "category_in_use": (
        "类别 {category} 还有 {count} 件未结或仍可重开的事件（{numbers}），不能删除",
        "category {category} has {count} incidents that are open or may be reopened ({numbers}) and cannot go",
    ),
    "rest_with_hours": ("休息日不能有上班时间", "a day of rest has no hours"),
    "day_twice": ("{day} 重复，第 {first} 行已有", "{day} stands in line {first} already"),
    "half_a_span": ("上班和下班时间要成对填写", "a span needs both its start and its end"),
    "spans_overlap": ("两段时间重叠", "two spans overlap"),
    "hours_wrong": (
        '工作时间应写成 [["08:30", "12:00"], ["13:30", "17:30"]]',
        'write [["08:30", "12:00"], ["13:30", "17:30"]]',
    ),
    "ladder_wrong": (
        "层级应从低到高，至少两级，以 district 结尾",
        "the ladder goes up, has two rungs at least, ends in district",
    ),
    "reasons_wrong": ("“{field}”至少要有一个原因代码（英文）", "{field} needs reason codes, each a plain word"),
}

SAID: dict[str, tuple[str, str]] = {
    "right": ("没有错误", "nothing is wrong"),
    "wrong": ("共 {count} 处错误，什么都没有改", "{count} mistakes; nothing was changed"),
    "without_ledger": (
        "没有数据文件夹（--home）：单位、区域、主办单位和未结事件未核对",
        "no data folder (--home): units, areas, leads and open incidents were not looked at",
    ),
    "same": ("与第 {version} 版相同，没有改动", "the same as version {version}; nothing to do"),
    "differs": ("与第 {version} 版相比：", "compared with version {version}:"),
    "confirm": ("从 {since} 起施行，输入 yes 确认：", "in force from {since}; type yes: "),
    "not_loaded": ("没有载入。加 --yes 确认载入", "not loaded; say --yes to load it"),
    "loaded": (
        "已载入为第 {version} 版，自 {since} 起施行，操作人 {who}",
        "loaded as version {version}, in force from {since}, by {who}",
    ),
    "planned": ("注意：第 {version} 版仍将自 {since} 起施行", "mind: version {version} still takes force from {since}"),
    "exported": ("已写出 {files}", "written: {files}"),
    "not_written": ("写不进 {folder}：{why}", "nothing can be written to {folder}: {why}"),
    "exists": ("{file} 已存在，用 --force 覆盖", "{file} is there already; --force replaces it"),
    "home_wrong": ("{home} 不是数据文件夹：{why}", "{home} is no data folder: {why}"),
    "unreachable": ("数据库没有运行，请先启动服务或演示", "the database does not run: start the server or the demonstration"),
    "busy": ("另有人正在载入，请稍后再试", "somebody else is loading rules; try again"),
    "no_version": ("没有第 {version} 版规则", "there is no version {version} of the rules"),
    "day_wrong": ("“{day}”不是日期，应写成 2026-12-01", "“{day}” is no date; write 2026-12-01"),
    "day_past": ("施行日期 {day} 已过，最早是今天", "{day} is past; today is the earliest"),
    "login_wrong": ("账号或密码不对", "wrong login or password"),
    "not_administrator": ("账号 {login} 不是管理员岗位", "the account {login} holds no administrator's post"),
    "password": ("{login} 的密码：", "password of {login}: "),
    "version_line": ("第 {version} 版  自 {since} 起  {when}  {who}", "version {version}  from {since}  {when}  {who}"),
    "in_force": ("施行中", "in force"),
    "to_come": ("未施行", "to come"),
    "over": ("已被取代", "over"),
    "seeded": ("初始数据", "seeded"),
    "recorded": (
        "第 {version} 版，自 {since} 起施行，{who} 于 {at} 载入，文件：",
        "version {version}, in force from {since}, loaded by {who} at {at}, from:",
    ),
    "counts": (
        "类别 {categories}，时限 {limits}，权责 {duties}，特殊日期 {days}（登记到 {until}），层级 {ladder}，抽查 {sample}%",
        "{categories} categories, {limits} limits, {duties} duties, {days} special days (named up to {until}), "
        "ladder {ladder}, {sample}% checked",
    ),
}

DIFFERENCE: dict[str, tuple[str, str]] = {
    "category_new": ("+ 类别 {code} {name}", "+ category {code} {name}"),
    "category_gone": ("- 类别 {code} {name}", "- category {code} {name}"),
    "category_changed": ("~ 类别 {code} {field}：{old} → {new}", "~ category {code} {field}: {old} -> {new}"),
    "limit_new": ("+ 时限 {key}：{new}", "+ limit {key}: {new}"),
    "limit_gone": ("- 时限 {key}：{old}", "- limit {key}: {old}"),
    "limit_changed": ("~ 时限 {key}：{old} → {new}", "~ limit {key}: {old} -> {new}"),
    "duty_new": ("+ 权责 {key}：{new}", "+ duty {key}: {new}"),
    "duty_gone": ("- 权责 {key}：{old}", "- duty {key}: {old}"),
    "duty_changed": ("~ 权责 {key}：{old} → {new}", "~ duty {key}: {old} -> {new}"),
    "day_new": ("+ 日历 {key}：{new}", "+ day {key}: {new}"),
    "day_gone": ("- 日历 {key}：{old}", "- day {key}: {old}"),
    "day_changed": ("~ 日历 {key}：{old} → {new}", "~ day {key}: {old} -> {new}"),
    "setting_changed": ("~ 设置 {key}：{old} → {new}", "~ setting {key}: {old} -> {new}"),
}


class Words:
    """The texts of one language."""

    def __init__(self, language: str) -> None:
        """`language`: zh or en."""
        self._which = 1 if language == "en" else 0

    def __call__(self, table: Mapping[str, tuple[str, str]], code: str, params: Mapping[str, object] | None = None) -> str:
        """A text with its parameters filled in."""
        return table[code][self._which].format_map(_Given(params or {}))


class _Given(dict[str, object]):
    """Parameters; one that is not given is shown as a question mark rather than an error on top of an error."""

    def __missing__(self, key: str) -> str:
        return "?"


def language_of_machine() -> str:
    """English where the locale asks for it, else Chinese."""
    asked = next((value for key in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(key))), "")
    return "en" if asked.startswith("en") else "zh"
