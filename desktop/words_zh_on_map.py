"""Chinese texts of the desk: what is done on the map by hand - going to places, views kept."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # coordinates
    "find.coordinates": "坐标",
    "coordinates.which": "两种读法，请选",
    "coordinates.far": "{said} 离本区 {far}，地图上没有那里。",
    "coordinates.no_numbers": "没有读到数字：写 经度 纬度，如 120.2123 30.2741。",
    "coordinates.one_number": "只有一个数“{said}”：坐标要两个，如 120.2123 30.2741。",
    "coordinates.too_many": "数太多了：坐标只要两个，或度分秒各一组。",
    "coordinates.not_numbers": "“{said}”不是坐标的写法：用数字、度分秒和 N S E W。",
    "coordinates.no_latitude": "“{said}”里没有纬度：纬度不超过 90 度。",
    "coordinates.off_earth": "“{said}”超出范围：经度不超过 180 度，纬度不超过 90 度。",
    "coordinates.sixty": "“{said}”的分或秒到了 60：请核对。",
    "coordinates.fraction": "“{said}”在度或分里用了小数，后面就不能再有分、秒。",
    "coordinates.same_axis": "“{said}”两个都是同一个轴：要一个经度、一个纬度。",
    "coordinates.sign_and_side": "“{said}”又有负号又有方位字母：留一个。",
    "coordinates.two_sides": "方位字母“{said}”放错了：都写在数前，或都写在数后。",
    "coordinates.two_datums": "写了两个坐标系，只能是一个。",
    "coordinates.other_datum": "不能换算“{said}”坐标：请用 WGS84、CGCS2000（国家2000）或 GCJ02（火星、高德、腾讯）。",
    "coordinates.projected_datum": "米为单位的坐标是 CGCS2000 的，不会是别的坐标系。",
    "coordinates.projected_range": "“{said}”不像 3 度带坐标：东坐标 25 万到 75 万米（可带带号），北坐标 30 万到 620 万米。",
    "line.coordinates_which": "“{said}”有两种读法：{names}",
    # measuring
    "action.measure": "测距与面积",
    "measure.m": "{number} 米",
    "measure.km": "{number} 公里",
    "measure.mu": "{number} 亩",
    "measure.m2": "{number} 平方米（{mu}）",
    "measure.km2": "{number} 平方公里（{mu}）",
    "measure.begin": "测距：点第一个位置",
    "measure.way": "{length} · {count} 点",
    "measure.ring": "面积 {area} · 周长 {length}",
    "measure.crosses": "边线相交，没有面积 · 周长 {length}",
    "measure.keys": "点击或空格落点 · 方向键移动十字 · Backspace 撤点 · 点回起点或 Shift+Enter 闭合 · Enter 结束 · Esc 退出",
    "measure.done": "大地线长 · Esc 去掉 · Ctrl+R 再测",
    # views kept by name
    "action.bookmarks": "书签",
    "bookmarks.title": "书签：存下的视野",
    "bookmarks.hint": "写名字：找一个，或存下现在的视野",
    "bookmarks.keep": "＋ 存下现在的视野为“{name}”",
    "bookmarks.replace": "＋ 用现在的视野换掉“{name}”",
    "bookmarks.restore": "恢复刚删掉的“{name}”",
    "bookmarks.keys": "↑ ↓ 选 · Enter 去那里 · Delete 删除 · Esc 关闭",
    "bookmarks.empty": "还没有书签：写个名字，按 Enter 存下现在的视野。",
    "bookmarks.full": "已有 {count} 个书签，请先删掉不用的。",
}
