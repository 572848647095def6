"""What the check of boundaries says, in Chinese and in English."""

from __future__ import annotations

import os

KINDS: dict[str, tuple[str, str]] = {
    "invalid": ("边界无效", "invalid"),
    "spike": ("尖刺", "spike"),
    "duplicate": ("重复", "duplicate"),
    "overlap": ("重叠", "overlap"),
    "sliver_overlap": ("窄条重叠", "sliver overlap"),
    "gap": ("空隙", "gap"),
    "sliver_gap": ("窄条空隙", "sliver gap"),
    "missing": ("缺一格", "missing"),
    "unnoded": ("顶点不一致", "unnoded"),
    "outside_parent": ("越出上级", "outside parent"),
    "code": ("编码", "code"),
    "multipart": ("多个部分", "multipart"),
}
WHY: dict[str, tuple[str, str]] = {
    "empty": ("没有图形", "there is no shape"),
    "no_area": ("不是面，是 {sort}", "no area but a {sort}"),
    "not_numbers": ("坐标里有不是数的值", "a coordinate is not a number"),
    "off_earth": ("坐标不在地球上", "a coordinate is not on earth"),
    "ring": ("边界自身交叉或相接：{reason}", "the boundary crosses or touches itself: {reason}"),
    "repeated": ("顶点重复 {count} 处", "{count} vertices are written twice"),
    "turned": ("外环方向与多数要素相反", "the outer ring runs the other way than those of most features"),
    "spike": (
        "边界原路折返 {long_m} 米，宽 {wide_m} 米",
        "the boundary turns back on itself: {long_m} m long, {wide_m} m wide",
    ),
    "same": ("{count} 个要素边界完全相同", "{count} features have exactly the same boundary"),
    "width": ("平均宽 {width_m} 米", "{width_m} m wide on average"),
    "hole": ("有一格大小的空白，无人覆盖", "a hole of the size of a feature that nobody covers"),
    "loose": (
        "相邻边界的顶点没有一一对应：{count} 处，最宽 {width_m} 米",
        "neighbours do not share every vertex: {count} places, {width_m} m wide at most",
    ),
    "parent_of_other": ("在上级边界之外，平均宽 {width_m} 米", "outside its parent, {width_m} m wide on average"),
    "parts": ("由 {parts} 个部分组成", "consists of {parts} parts"),
    "code_twice": ("编码 {code} 已被前面的要素使用", "code {code} is that of an earlier feature already"),
    "code_length": ("编码 {code} 是 {length} 位，多数是 {usual} 位", "code {code} has {length} digits, most have {usual}"),
    "code_letters": ("编码 {code} 不全是数字", "code {code} is not all digits"),
    "code_prefix": ("编码 {code} 应以上级编码 {parent} 开头", "code {code} should begin with its parent's, {parent}"),
    "code_empty": ("没有编码", "there is no code"),
}
WRONG: dict[str, tuple[str, str]] = {
    "file_missing": ("没有这个文件：{file}", "there is no such file: {file}"),
    "file_is_folder": ("这是文件夹，不是文件：{file}", "a folder, not a file: {file}"),
    "file_empty": ("文件是空的：{file}", "the file is empty: {file}"),
    "file_unreadable": ("读不了 {file}：{why}", "{file} cannot be read: {why}"),
    "file_kind_unknown": ("文件类型不认识，应以 {known} 结尾", "a file of no kind we know; it must end in one of {known}"),
    "file_not_what_it_says": ("{file} 的内容不是 {kind} 文件", "what is in {file} is no {kind} file"),
    "file_changed": ("{file} 在读取时被改动，请再试一次", "{file} was changed while it was read: try again"),
    "layer_empty": ("{file} 的图层 {layer} 里没有要素", "layer {layer} of {file} has no features"),
    "layer_unknown": ("没有图层 {layer}，有：{known}", "there is no layer {layer}; there are: {known}"),
    "layer_which": ("文件里有几个图层，请用 --layer 指明：{known}", "there are several layers, say which by --layer: {known}"),
    "no_layer": ("{file} 里没有带图形的图层", "{file} has no layer with shapes"),
    "no_field": ("没有字段 {field}，有：{known}", "there is no field {field}; there are: {known}"),
    "file_unwritable": ("写不了 {file}：{why}", "{file} cannot be written: {why}"),
    "no_area_to_write": ("{code} 不是面，写不了 {file}", "{code} is no area: {file} cannot be written"),
    "nothing_to_write": ("没有可写入 {file} 的区域", "there are no areas to write to {file}"),
    "crs_unknown": ("不认识坐标系 {crs}，应为 EPSG:n、gcj02 或 bd09", "no coordinate system {crs}: say EPSG:n, gcj02 or bd09"),
    "crs_not_flat": ("{crs} 不是平面或经纬度坐标系", "{crs} is neither projected nor in degrees"),
    "crs_missing": (
        "文件没有说明坐标系，坐标 {bounds} 也看不出来；请用 --crs 指明",
        "the file does not say its coordinate system, and {bounds} does not tell: say it by --crs",
    ),
    "axes_swapped": (
        "坐标 {bounds} 的两轴写反了（{crs} 应先经度或东坐标）",
        "the axes of {bounds} are swapped: {crs} begins with the longitude or easting",
    ),
    "not_degrees": ("坐标 {bounds} 不是经纬度，{crs} 却以度为单位", "{bounds} are no degrees, but {crs} is in degrees"),
    "outside_zone": ("坐标 {bounds} 不在 {crs} 适用的范围内", "{bounds} lies outside of where {crs} is meant for"),
    "parents_wrong": (
        "上级文件 {file} 自身有 {count} 处缺陷，不能用来核对，请先检查它：{first}",
        "{file} has {count} defects of its own, nothing can be judged by it: check it first: {first}",
    ),
    "parent_crs": ("上级文件的坐标系 {crs} 不能换算到 {wanted}", "the parents' {crs} cannot be brought into {wanted}"),
    "parent_codes": (
        "上级文件里没有字段 {field}，不检查编码前缀",
        "the parents have no field {field}: prefixes are not checked",
    ),
    "too_wide": ("要素跨度超过 2147 公里，不能一次检查", "the features span more than 2,147 km: too wide for one check"),
    "gap_width": ("--gap-width 应是大于 0 的米数", "--gap-width must be metres, more than 0"),
}
SAID: dict[str, tuple[str, str]] = {
    "read": ("{file}：图层 {layer}，{features} 个要素，坐标系 {crs}", "{file}: layer {layer}, {features} features, {crs}"),
    "crs_none": (
        "文件没有说明坐标系（没有 .prj？），按 {crs} 理解",
        "the file does not say its coordinate system (no .prj?): taken as {crs}",
    ),
    "crs_said_instead": ("按 --crs 用 {crs}，不用文件里写的", "{crs} as said by --crs, not what the file says"),
    "line": ("{kind}  {features}  {place}  {area}  {why}", "{kind}  {features}  {place}  {area}  {why}"),
    "left_out": (
        "同一处重叠的要素太多，还有 {count} 对未逐一比较",
        "too many features overlap in one place: {count} more pairs were not compared",
    ),
    "clean": ("没有缺陷：全覆盖、无重叠", "no defects: nothing is covered twice, nothing left out within"),
    "clean_parent": ("没有缺陷：上级全覆盖、无重叠、无越界", "no defects: the parent is covered exactly, each place once"),
    "total": ("共 {count} 处缺陷：{kinds}", "{count} defects: {kinds}"),
    "limits": (
        "窄于 {sliver_m:g} 米为窄条，窄于 {hairline_m:g} 米为顶点不一致",
        "narrower than {sliver_m:g} m is a sliver, narrower than {hairline_m:g} m a lack of shared vertices",
    ),
}


def said(words: dict[str, tuple[str, str]], key: str, language: str, **details: object) -> str:
    """One sentence in zh or en."""
    return words[key][language != "zh"].format(**details)


def language_of_machine() -> str:
    """The language of the environment: en where it says so, else zh."""
    told = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "zh"
    return "en" if told.lower().startswith("en") else "zh"
