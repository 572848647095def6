"""Looking back at what a desk still holds of a camera is on record, as a kind of its own."""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"

KNOWN = op.f("ck_video_session_action_known")


def upgrade() -> None:
    """One more word of what is done with a camera."""
    op.drop_constraint(KNOWN, "video_session", type_="check")
    op.create_check_constraint(KNOWN, "video_session", "action IN ('live', 'ptz', 'look_back', 'playback', 'snapshot')")


def downgrade() -> None:
    """Take it back; what was put on record of looking back goes."""
    op.execute("ALTER TABLE video_session DISABLE TRIGGER refuse_change")
    op.execute("DELETE FROM video_session WHERE action = 'look_back'")
    op.execute("ALTER TABLE video_session ENABLE TRIGGER refuse_change")
    op.drop_constraint(KNOWN, "video_session", type_="check")
    op.create_check_constraint(KNOWN, "video_session", "action IN ('live', 'ptz', 'playback', 'snapshot')")
