"""Streams for those who see only what is theirs, and streams of what surrounds the incidents."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"

CONSTRAINT = "ck_stream_counter_stream"
AREA = "([0-9]{9}|district)/[0-3]"
ANY = f"((around|unclaimed|unchecked)/)?{AREA}|(unit|person)/[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}"


def upgrade() -> None:
    """A stream may be named by its kind too."""
    op.execute(f"ALTER TABLE stream_counter DROP CONSTRAINT {CONSTRAINT}")
    op.execute(f"ALTER TABLE stream_counter ADD CONSTRAINT {CONSTRAINT} CHECK (stream ~ '^({ANY})$')")


def downgrade() -> None:
    """Only streams of areas; what was numbered in others has to be gone."""
    op.execute(f"ALTER TABLE stream_counter DROP CONSTRAINT {CONSTRAINT}")
    op.execute(f"ALTER TABLE stream_counter ADD CONSTRAINT {CONSTRAINT} CHECK (stream ~ '^{AREA}$')")
