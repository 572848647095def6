"""Brings a ledger to the newest revision."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, create_engine

REVISIONS = Path(__file__).parent / "revisions"
LOCK = 0x67777264


def upgrade(url: URL, revision: str = "head") -> None:
    """The database of the owner's URL stands at the revision; all of it or nothing, one upgrade at a time."""
    configuration = Config()
    configuration.set_main_option("script_location", str(REVISIONS))
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, revision)
    finally:
        engine.dispose()
