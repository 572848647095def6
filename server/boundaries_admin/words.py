"""What `./gridwarden boundaries` says, in Chinese and in English."""

from __future__ import annotations

SAID: dict[str, tuple[str, str]] = {
    "home_wrong": ("{home} 不是数据文件夹（{why}）：请用 --home 指明", "{home} is no data folder ({why}): name it by --home"),
    "unreachable": ("数据库没有应答：服务在运行吗？", "the database does not answer: is the server running?"),
    "busy": ("正有人在改，请稍后再试", "somebody else is changing it: try again"),
    "login_wrong": ("账号或口令不对", "wrong login or password"),
    "login_needed": ("请用 --as 指明地理信息员的账号", "say by --as which login of GIS staff brings it in"),
    "not_allowed": ("{login} 没有地理信息岗位", "{login} has no post of GIS staff"),
    "password": ("{login} 的口令：", "password of {login}: "),
    "day_wrong": ("“{day}”不是日期，应写成 2026-10-01", "“{day}” is no day; write 2026-10-01"),
    "no_edition": ("{day} 没有生效的区域", "no areas were in force on {day}"),
    "codes_wrong": ("{count} 个编码不是 15 位数字，如 {grid}", "{count} codes are not 15 digits, such as {grid}"),
    "codes_elsewhere": ("编码不都在已有的区域 {area} 内", "not all codes lie in an area we know: {area}"),
    "defects": ("文件里有 {count} 处毛病，什么也没有改：", "the file has {count} defects, and nothing was changed:"),
    "same": ("与现行边界完全一致，没有可改的", "the same as what is in force: there is nothing to change"),
    "added": ("新增 {grid} {name}", "new {grid} {name}"),
    "removed": ("撤销 {grid} {name}", "gone {grid} {name}"),
    "reshaped": ("变形 {grid}：增 {gained} 平方米，减 {lost} 平方米", "reshaped {grid}: {gained} m² more, {lost} m² less"),
    "renamed": ("改名 {grid}：{old} → {new}", "renamed {grid}: {old} → {new}"),
    "recoded": ("改码 {old} → {new}", "another code {old} → {new}"),
    "moved": ("改属 {grid}：{old} → {new}", "another community {grid}: {old} → {new}"),
    "more": ("……另有 {count} 处", "… and {count} more"),
    "counts": (
        "{area} 内：新增 {added}，撤销 {removed}，变形 {reshaped}（移动 {moved_m2} 平方米），改名 {renamed}，改码 {recoded}，"
        "改属 {moved}",
        "in {area}: {added} new, {removed} gone, {reshaped} reshaped ({moved_m2} m² change hands), {renamed} renamed, "
        "{recoded} recoded, {moved} moved",
    ),
    "dry": ("只是预览；要作为草稿导入，请加 --draft", "told only; add --draft to bring it in as a draft"),
    "there_already": ("这个文件已经导入：{title}，状态 {stage}", "this file was brought in already: {title}, {stage}"),
    "drafted": (
        "已成草稿“{title}”（{count} 个区域），等待核对、批准、公布；生效前什么也不变",
        "brought in as the draft “{title}” ({count} areas): to be checked, approved and published; until then nothing changes",
    ),
    "exported": ("{file}：{day} 的 {count} 个{kind}，{crs}", "{file}: {count} {kind} of {day}, {crs}"),
    "not_written": ("{file} 没有写成：{why}", "{file} was not written: {why}"),
    "exists": ("{file} 已存在；要覆盖请加 --force", "{file} is there already; add --force to replace it"),
    "level.grid": ("网格", "grids"),
    "level.community": ("社区", "communities"),
    "level.street": ("街道", "streets"),
    "level.district": ("区", "districts"),
    "change": ("{stage} {day} {title}（{area}，{editors}）{trouble}", "{stage} {day} {title} ({area}, {editors}) {trouble}"),
    "no_changes": ("还没有区划调整", "there is no change of boundaries yet"),
    "stage.draft": ("草稿", "draft"),
    "stage.checked": ("已核对", "checked"),
    "stage.approved": ("已批准", "approved"),
    "stage.published": ("待生效", "published"),
    "stage.in_force": ("已生效", "in force"),
    "stage.withdrawn": ("已撤回", "withdrawn"),
    "stage.taken_back": ("已回退", "taken back"),
}
