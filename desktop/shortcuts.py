"""The table of keys: which key asks for what, and where it works."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One key. `anywhere`: also while text is typed; single letters never are. `repeats`: held down it goes on."""

    key: Qt.Key
    shown: str
    action: str
    group: str
    anywhere: bool = False
    control: bool = False
    repeats: bool = False
    shift: bool = False


SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut(KEY.Key_N, "N", "new", "incident"),
    Shortcut(KEY.Key_F, "F", "file", "incident"),
    Shortcut(KEY.Key_A, "A", "assign", "incident"),
    Shortcut(KEY.Key_E, "E", "raise", "incident"),
    Shortcut(KEY.Key_R, "R", "recall", "incident"),
    Shortcut(KEY.Key_C, "C", "check", "incident"),
    Shortcut(KEY.Key_D, "D", "direct", "incident"),
    Shortcut(KEY.Key_I, "I", "attach", "incident"),
    Shortcut(KEY.Key_M, "M", "merge", "incident"),
    Shortcut(KEY.Key_Y, "Y", "ask", "incident"),
    Shortcut(KEY.Key_Q, "Q", "decide", "incident"),
    Shortcut(KEY.Key_S, "S", "supervise", "incident"),
    Shortcut(KEY.Key_X, "X", "severity", "incident"),
    Shortcut(KEY.Key_O, "O", "tell", "incident"),
    Shortcut(KEY.Key_O, "Shift+O", "above", "incident", shift=True),
    Shortcut(KEY.Key_T, "T", "dial", "incident"),
    Shortcut(KEY.Key_P, "P", "amend", "incident"),
    Shortcut(KEY.Key_Z, "Z", "task", "incident"),
    Shortcut(KEY.Key_V, "V", "pictures", "incident"),
    Shortcut(KEY.Key_F4, "F4", "photos", "incident", anywhere=True),
    Shortcut(KEY.Key_Return, "Ctrl+Enter", "send", "incident", anywhere=True, control=True),
    Shortcut(KEY.Key_Enter, "Ctrl+Enter", "send", "", anywhere=True, control=True),
    Shortcut(KEY.Key_F6, "F6", "next_draft", "incident", anywhere=True),
    Shortcut(KEY.Key_J, "J ↓", "next", "move", repeats=True),
    Shortcut(KEY.Key_Down, "↓", "next", "", repeats=True),
    Shortcut(KEY.Key_K, "K ↑", "previous", "move", repeats=True),
    Shortcut(KEY.Key_Up, "↑", "previous", "", repeats=True),
    Shortcut(KEY.Key_Return, "Enter", "open", "move"),
    Shortcut(KEY.Key_Enter, "Enter", "open", ""),
    Shortcut(KEY.Key_U, "U", "arrivals", "move"),
    Shortcut(KEY.Key_Right, "→", "queue_next", "move", repeats=True),
    Shortcut(KEY.Key_Left, "←", "queue_previous", "move", repeats=True),
    Shortcut(KEY.Key_PageDown, "PgDn", "card_down", "move", anywhere=True, repeats=True),
    Shortcut(KEY.Key_PageUp, "PgUp", "card_up", "move", anywhere=True, repeats=True),
    Shortcut(KEY.Key_F, "Ctrl+F", "find", "move", anywhere=True, control=True),
    Shortcut(KEY.Key_B, "Ctrl+B", "filter", "move", anywhere=True, control=True),
    Shortcut(KEY.Key_F2, "F2 /", "command", "move", anywhere=True),
    Shortcut(KEY.Key_Slash, "/", "command", ""),
    Shortcut(KEY.Key_Home, "Home", "home", "map"),
    Shortcut(KEY.Key_B, "B", "buildings", "map"),
    Shortcut(KEY.Key_G, "G", "metric", "map"),
    Shortcut(KEY.Key_G, "Shift+G", "point_out", "map", shift=True),
    Shortcut(KEY.Key_H, "H", "height", "map"),
    Shortcut(KEY.Key_H, "Shift+H", "raise_by", "map", shift=True),
    Shortcut(KEY.Key_BracketLeft, "[", "turn_left", "map", repeats=True),
    Shortcut(KEY.Key_BracketRight, "]", "turn_right", "map", repeats=True),
    Shortcut(KEY.Key_Comma, ",", "tilt_down", "map", repeats=True),
    Shortcut(KEY.Key_Period, ".", "tilt_up", "map", repeats=True),
    Shortcut(KEY.Key_Plus, "+", "zoom_in", "map", repeats=True),
    Shortcut(KEY.Key_Equal, "=", "zoom_in", "", repeats=True),
    Shortcut(KEY.Key_Minus, "-", "zoom_out", "map", repeats=True),
    Shortcut(KEY.Key_Up, "Shift+↑", "pan_up", "map", repeats=True, shift=True),
    Shortcut(KEY.Key_Down, "Shift+↓", "pan_down", "map", repeats=True, shift=True),
    Shortcut(KEY.Key_Left, "Shift+←", "pan_left", "map", repeats=True, shift=True),
    Shortcut(KEY.Key_Right, "Shift+→", "pan_right", "map", repeats=True, shift=True),
    Shortcut(KEY.Key_L, "L", "follow", "map"),
    Shortcut(KEY.Key_V, "Shift+V", "sight", "incident", shift=True),
    Shortcut(KEY.Key_A, "Shift+A", "near", "incident", shift=True),
    Shortcut(KEY.Key_Home, "Shift+Home", "fit", "move", shift=True),
    Shortcut(KEY.Key_R, "Ctrl+R", "measure", "map", anywhere=True, control=True),
    Shortcut(KEY.Key_G, "Ctrl+G", "pick_area", "move", anywhere=True, control=True),
    Shortcut(KEY.Key_D, "Ctrl+D", "bookmarks", "move", anywhere=True, control=True),
    Shortcut(KEY.Key_H, "Ctrl+H", "past", "move", anywhere=True, control=True),
    Shortcut(KEY.Key_K, "Ctrl+K", "past_play", "move", anywhere=True, control=True),
    Shortcut(KEY.Key_Left, "Ctrl+←", "past_back", "move", control=True, repeats=True),
    Shortcut(KEY.Key_Right, "Ctrl+→", "past_on", "move", control=True, repeats=True),
    Shortcut(KEY.Key_Down, "Ctrl+↓", "past_slower", "move", control=True, repeats=True),
    Shortcut(KEY.Key_Up, "Ctrl+↑", "past_faster", "move", control=True, repeats=True),
    Shortcut(KEY.Key_E, "Ctrl+E", "past_track", "move", anywhere=True, control=True),
    Shortcut(KEY.Key_0, "Ctrl+0", "live", "move", anywhere=True, control=True),
    Shortcut(KEY.Key_F3, "F3", "layers", "map", anywhere=True),
    Shortcut(KEY.Key_U, "Ctrl+U", "basemap", "map", anywhere=True, control=True),
    Shortcut(KEY.Key_F5, "F5", "legend", "map", anywhere=True),
    Shortcut(KEY.Key_F7, "F7", "minimap", "map", anywhere=True),
    Shortcut(KEY.Key_P, "Ctrl+P", "print_map", "window", anywhere=True, control=True),
    Shortcut(KEY.Key_J, "Ctrl+J", "briefing", "window", anywhere=True, control=True),
    Shortcut(KEY.Key_Space, "Space", "seen", "window"),
    Shortcut(KEY.Key_F10, "F10", "alarms", "window", anywhere=True),
    Shortcut(KEY.Key_M, "Ctrl+M", "mute", "window", anywhere=True, control=True),
    Shortcut(KEY.Key_F8, "F8", "handover", "window", anywhere=True),
    Shortcut(KEY.Key_F9, "F9", "roll_call", "window", anywhere=True),
    Shortcut(KEY.Key_Escape, "Esc", "back", "window", anywhere=True),
    Shortcut(KEY.Key_F1, "F1 ?", "keys", "window", anywhere=True),
    Shortcut(KEY.Key_Question, "?", "keys", ""),
    Shortcut(KEY.Key_1, "Ctrl+1", "panel_board", "window", anywhere=True, control=True),
    Shortcut(KEY.Key_2, "Ctrl+2", "panel_map", "window", anywhere=True, control=True),
    Shortcut(KEY.Key_3, "Ctrl+3", "panel_card", "window", anywhere=True, control=True),
    Shortcut(KEY.Key_F11, "F11", "float_board", "window", anywhere=True),
    Shortcut(KEY.Key_F12, "F12", "float_card", "window", anywhere=True),
    Shortcut(KEY.Key_4, "Ctrl+4", "panel_pictures", "window", anywhere=True, control=True),
    Shortcut(KEY.Key_8, "Ctrl+8", "panel_video", "video", anywhere=True, control=True),
    Shortcut(KEY.Key_9, "Ctrl+9", "video_sees", "video", anywhere=True, control=True),
    Shortcut(KEY.Key_S, "Ctrl+S", "video_report", "video", anywhere=True, control=True),
    Shortcut(KEY.Key_F9, "Ctrl+F9", "video_clip", "video", anywhere=True, control=True),
    Shortcut(KEY.Key_F8, "Ctrl+F8", "video_back", "video", anywhere=True, control=True),
    Shortcut(KEY.Key_F6, "Ctrl+F6", "video_turn", "video", anywhere=True, control=True),
    Shortcut(KEY.Key_F5, "Ctrl+F5", "video_clips", "video", anywhere=True, control=True),
    Shortcut(KEY.Key_Y, "Ctrl+Y", "video_add", "video", control=True),
    Shortcut(KEY.Key_N, "Ctrl+N", "video_reason", "video", anywhere=True, control=True),
    Shortcut(KEY.Key_S, "Shift+S", "edit_sector", "video", shift=True),
    Shortcut(KEY.Key_W, "Ctrl+W", "video_tree", "video", anywhere=True, control=True),
    Shortcut(KEY.Key_F7, "Ctrl+F7", "video_side", "video", anywhere=True, control=True),
    Shortcut(KEY.Key_O, "Ctrl+O", "video_layouts", "video", anywhere=True, control=True),
    Shortcut(KEY.Key_I, "Ctrl+I", "video_turns", "video", anywhere=True, control=True),
    Shortcut(KEY.Key_F11, "Ctrl+F11", "float_video", "video", anywhere=True, control=True),
    Shortcut(KEY.Key_5, "Ctrl+5", "indicators", "window", anywhere=True, control=True),
    Shortcut(KEY.Key_6, "Ctrl+6", "rules", "window", anywhere=True, control=True),
    Shortcut(KEY.Key_7, "Ctrl+7", "plan_shift", "window", anywhere=True, control=True),
    Shortcut(KEY.Key_W, "W", "wall", "window"),
    Shortcut(KEY.Key_B, "Shift+B", "boundaries", "window", shift=True),
    Shortcut(KEY.Key_L, "Ctrl+L", "language", "window", anywhere=True, control=True),
    Shortcut(KEY.Key_T, "Ctrl+T", "theme", "window", anywhere=True, control=True),
    Shortcut(KEY.Key_Q, "Ctrl+Q", "sign_off", "window", anywhere=True, control=True),
)

GROUPS = ("incident", "video", "move", "map", "window")
COLUMNS = ("incident", "move", "map", "window")
"""Those that stand in columns on the sheet of keys; the others, of a few keys each, in lines below."""

ALSO = {
    "？": "keys",
    "、": "command",
    "／": "command",
    "，": "tilt_down",
    "。": "tilt_up",
    "【": "turn_left",
    "】": "turn_right",
}
"""What a Chinese keyboard gives for the same keys."""


def key_of(action: str) -> str:
    """The key of an action as it is shown; empty where it has none."""
    return next((shortcut.shown for shortcut in SHORTCUTS if shortcut.action == action), "")


def found(key: int, modifiers: Qt.KeyboardModifier, text: str) -> Shortcut | None:
    """The shortcut of a key press where no text is typed; None where it has none."""
    control = bool(modifiers & CTRL)
    if modifiers & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
        return None
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    meant = [each for each in SHORTCUTS if each.key == key and each.control == control and each.shift <= shift]
    if meant:
        return max(meant, key=lambda each: each.shift)
    action = ALSO.get(text)
    return next((shortcut for shortcut in SHORTCUTS if shortcut.action == action), None)
