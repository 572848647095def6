"""The one Qt style sheet of the desk, made from a palette."""

from __future__ import annotations

from pathlib import Path

from desktop.style.palette import Palette
from desktop.style.type_face import BASE_PX, CLOCK_PX, SMALL_PX, TITLE_PX, family

DOWN = Path(__file__).with_name("down.svg")
"""The arrow of choice boxes; a style sheet cannot colour it, so its grey reads on both palettes."""


def sheet(palette: Palette) -> str:
    """Everything Qt needs to know; widgets choose their look by the property `look`."""
    return _SURFACES.format_map(_names(palette)) + _BUTTONS.format_map(_names(palette)) + _FIELDS.format_map(_names(palette))


def _names(palette: Palette) -> dict[str, object]:
    roles = {name: getattr(palette, name) for name in palette.__slots__}
    sizes = {"base": BASE_PX, "small": SMALL_PX, "title": TITLE_PX, "clock": CLOCK_PX}
    return roles | sizes | {"family": family(), "down": DOWN.as_posix()}


_SURFACES = """
QWidget {{ font-family: "{family}"; font-size: {base}px; color: {text}; }}
QMainWindow, QDialog, QWidget[look="ground"] {{ background: {ground}; }}
QWidget[look="panel"], QStackedWidget[look="panel"], QScrollArea[look="panel"] {{ background: {panel}; }}
QWidget[look="bar"] {{ background: {panel}; border-bottom: 1px solid {line}; }}
QWidget[look="bar"][alarm="true"] {{ background: {wash}; }}
QWidget[look="status"] {{ background: {panel}; border-top: 1px solid {line}; }}
QWidget[look="raised"] {{ background: {raised}; border-radius: 4px; }}
QWidget[look="form"] {{ background: {raised}; border: 1px solid {edge}; border-radius: 4px; }}
QWidget[look="overlay"] {{ background: {panel}; border: 1px solid {edge}; border-radius: 6px; }}
QLabel {{ background: transparent; }}
QLabel[look="dim"] {{ color: {dim}; font-size: {small}px; }}
QLabel[look="figures"] {{ color: {dim}; font-size: {small}px; }}
QWidget[look="strip"], QLabel[look="hint"] {{ background: {panel}; border: 1px solid {line}; border-radius: 4px; }}
QLabel[look="hint"] {{ padding: 6px 12px; border-color: {focus}; }}
QLabel[look="title"] {{ font-size: {title}px; font-weight: bold; }}
QLabel[look="heading"] {{ font-size: {title}px; }}
QLabel[look="clock"] {{ font-size: {clock}px; }}
QLabel[look="clock_late"] {{ font-size: {clock}px; color: {immediate}; }}
QLabel[look="name"] {{ font-weight: bold; }}
QLabel[look="field"] {{ color: {dim}; font-size: {small}px; }}
QLabel[look="refused"] {{ color: {immediate}; }}
QLabel[look="warn"] {{ color: {urgent}; }}
QLabel[look="live"] {{ color: {live}; }}
QLabel[look="immediate"] {{ color: {immediate}; font-weight: bold; }}
QLabel[look="urgent"] {{ color: {urgent}; font-weight: bold; }}
QLabel[size="small"] {{ font-size: {small}px; font-weight: normal; }}
QFrame[look="rule"] {{ background: {line}; max-height: 1px; min-height: 1px; border: 0; }}
QListView, QTreeView, QTableView {{ background: {panel}; border: 0; outline: 0; }}
QListView:focus {{ outline: 0; }}
QListWidget[look="lines"]::item {{ padding: 3px 6px 3px 2px; }}
QListWidget[look="lines"]::item:selected, QTableView::item:selected {{ background: {chosen}; color: {text}; }}
QHeaderView {{ background: {panel}; border: 0; }}
QHeaderView::section {{ background: {panel}; color: {dim}; border: 0; border-bottom: 1px solid {line}; padding: 4px 8px;
  font-size: {small}px; }}
QTableCornerButton::section {{ background: {panel}; border: 0; border-bottom: 1px solid {line}; }}
QScrollArea {{ background: transparent; border: 0; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {line}; border-radius: 3px; min-height: 32px; margin: 0 1px; }}
QScrollBar::handle:vertical:hover {{ background: {edge}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; height: 0; }}
QScrollBar:horizontal {{ height: 0; }}
QSplitter::handle {{ background: {line}; }}
QSplitter::handle:hover {{ background: {focus}; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {edge}; padding: 4px; font-size: {small}px; }}
"""

_BUTTONS = """
QPushButton {{ background: {raised}; border: 1px solid {line}; border-radius: 4px; padding: 4px 10px; min-height: 20px;
  outline: 0; }}
QPushButton:hover {{ border-color: {edge}; }}
QPushButton:focus {{ border-color: {focus}; }}
QPushButton:disabled {{ color: {dim}; background: {panel}; }}
QPushButton[look="go"] {{ background: {go}; border-color: {go}; color: {on_go}; font-weight: bold; padding: 6px 12px; }}
QPushButton[look="go"]:hover {{ background: {go_hover}; }}
QPushButton[look="go"]:focus {{ border-color: {on_go}; }}
QPushButton[look="go"]:disabled {{ background: {raised}; border-color: {line}; color: {dim}; }}
QPushButton[look="tab"] {{ background: transparent; border: 0; padding: 3px 1px; color: {dim}; font-size: {small}px; }}
QPushButton[look="tab"]:hover {{ color: {text}; }}
QPushButton[look="line"] {{ background: transparent; border: 0; padding: 2px 0; text-align: left; font-size: {small}px; }}
QPushButton[look="line"]:hover {{ color: {focus}; }}
QPushButton[look="tab"]:checked {{ background: {chosen}; color: {text}; border-radius: 3px; }}
QPushButton[look="tab"][alarm="true"] {{ color: {immediate}; }}
QPushButton[look="quiet"] {{ padding: 4px 8px; }}
QPushButton[look="bar"] {{ background: transparent; border: 0; padding: 2px 8px; color: {dim}; }}
QPushButton[look="status"] {{ background: transparent; border: 0; padding: 0 4px; min-height: 16px; color: {dim};
  font-size: {small}px; }}
QPushButton[look="status"]:hover {{ color: {text}; }}
QPushButton[look="bar"][alert="urgent"] {{ color: {urgent}; }}
QPushButton[look="bar"][alert="immediate"] {{ color: {immediate}; }}
QPushButton[look="bar"]:hover {{ color: {text}; background: {raised}; }}
QPushButton[look="action"] {{ padding: 4px 6px; }}
QPushButton[look="action"][off="true"] {{ color: {dim}; background: transparent; border-color: {line}; }}
QPushButton[look="more"] {{ padding: 2px 3px; min-height: 18px; font-size: {small}px; }}
QPushButton[look="more"][off="true"] {{ color: {dim}; background: transparent; border-color: {line}; }}
QPushButton[look="small"] {{ padding: 1px 7px; min-height: 16px; font-size: {small}px; }}
QPushButton[look="choice"] {{ padding: 3px 7px; min-width: 14px; }}
QPushButton[look="choice"]:checked {{ background: {chosen}; border-color: {focus}; }}
QPushButton[look="choice"][off="true"] {{ color: {dim}; }}
"""

_FIELDS = """
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox {{
  background: {ground}; border: 1px solid {line}; border-radius: 4px; padding: 4px 6px;
  selection-background-color: {go}; selection-color: {on_go}; placeholder-text-color: {dim};
}}
QLineEdit[look="command"] {{ padding: 1px 6px; min-height: 20px; }}
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover {{ border-color: {edge}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus {{ border-color: {focus}; }}
QLineEdit[refused="true"], QWidget[refused="true"] > QLineEdit,
QPlainTextEdit[refused="true"], QComboBox[refused="true"],
QPushButton[refused="true"], QWidget[refused="true"] > QPushButton {{ border-color: {immediate}; }}
QCheckBox[refused="true"] {{ color: {immediate}; }}
QAbstractItemView[refused="true"] {{ border: 1px solid {immediate}; }}
QLineEdit:disabled, QPlainTextEdit:disabled {{ color: {dim}; }}
QComboBox::drop-down {{ border: 0; width: 18px; }}
QComboBox::down-arrow {{ image: url("{down}"); width: 10px; height: 10px; }}
QComboBox QAbstractItemView {{ background: {raised}; border: 1px solid {edge}; selection-background-color: {chosen};
  selection-color: {text}; }}
QListWidget[look="found"] {{ background: {ground}; border: 1px solid {edge}; border-radius: 3px; font-size: {small}px; }}
QListWidget[look="found"]::item {{ height: 22px; padding: 0 4px; }}
QListWidget[look="found"]::item:selected {{ background: {chosen}; color: {text}; }}
QCheckBox {{ spacing: 6px; }}
QCheckBox::indicator {{ width: 16px; height: 16px; border: 1px solid {edge}; border-radius: 2px; background: {ground}; }}
QCheckBox::indicator:checked {{ background: {go}; border-color: {focus}; }}
QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border-color: {focus}; }}
QCheckBox:focus {{ color: {focus}; }}
QSlider::groove:horizontal {{ background: {line}; height: 4px; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {focus}; height: 4px; border-radius: 2px; }}
QSlider::handle:horizontal {{ background: {text}; width: 12px; margin: -5px 0; border-radius: 6px; }}
QMenu {{ background: {raised}; border: 1px solid {edge}; }}
QMenu::item {{ padding: 4px 16px; }}
QMenu::item:selected {{ background: {chosen}; }}
"""
