"""How the commands of the administrators take their words; shared by those of the rules and of the cameras."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from server.rules_admin.telling import Telling
from server.rules_admin.words import language_of_machine


def add_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    purpose: str,
    does: Callable[[argparse.Namespace, Telling], int],
) -> argparse.ArgumentParser:
    """One of the commands, with what all of them take."""
    command = commands.add_parser(name, help=purpose, description=purpose)
    command.set_defaults(does=does)
    command.add_argument("--home", type=Path, help="数据文件夹（GRIDWARDEN_HOME）/ the data folder")
    command.add_argument("--language", choices=("zh", "en"), default=language_of_machine())
    return command
