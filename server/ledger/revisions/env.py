"""Runs the revisions on the connection that server.ledger.migrate hands over."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers

from server.ledger.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    include_object=alembic_helpers.include_object,
    process_revision_directives=alembic_helpers.writer,
    render_item=alembic_helpers.render_item,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
