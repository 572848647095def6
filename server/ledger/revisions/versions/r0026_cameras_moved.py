"""Who keeps the map may move a camera from the desk; where it stood before is on record, as with a table."""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"

APP = "gridwarden_app"
"""What the server's processes are in the database."""


def upgrade() -> None:
    """The server moves cameras and says where they stood."""
    op.execute(f"GRANT UPDATE (place, grid_code) ON camera TO {APP}")
    op.execute(f"GRANT INSERT ON camera_was TO {APP}")


def downgrade() -> None:
    """A table alone moves them."""
    op.execute(f"REVOKE UPDATE (place, grid_code) ON camera FROM {APP}")
    op.execute(f"REVOKE INSERT ON camera_was FROM {APP}")
