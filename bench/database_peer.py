"""What the database alone does with one transition: pgbench, the same schema, indexes, triggers and durability.

The script does what the ledger does for an order that only adds a step (E64): lock and load the incident with all that
belongs to it, update it, add the step to its chain, number the change in its stream, remember the answer. It sends fewer
columns than the ledger and computes nothing in between; what it writes goes out in one pipeline, as the ledger's does.
Every client has incidents of its own, as a desk of the bench has: they meet only where streams are numbered. They are the
incidents the run has left, and grow by every step, so that it is a peer and no upper bound.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import psycopg

from server.ledger.incidents import LOAD_FOR_ORDER
from server.postgres_binaries import find_binaries
from server.private_postgis import APP_ROLE, OWNER_ROLE, PORT
from server.settings import Settings

_TARGETS = (
    "CREATE TABLE bench_case AS SELECT row_number() OVER (ORDER BY id)::int AS n, id AS incident, "
    "left(grid, 9) || '/' || confidentiality AS stream FROM incident WHERE state IN ('reported', 'filed', 'dispatched')"
)
_SCRIPT = """\\set n :client_id + 1 + {clients} * random(0, {count} / {clients} - 1)
SELECT incident AS i, stream AS s FROM bench_case WHERE n = :n \\gset
BEGIN;
SELECT count(*) FROM (SELECT 1 FROM incident WHERE id = :i::uuid ORDER BY id FOR UPDATE) x;
SELECT 1 FROM answered_order WHERE order_id = gen_random_uuid();
{load};
\\startpipeline
UPDATE incident SET changed_at = now(), title = 'x', version = version + 1 WHERE id = :i::uuid;
INSERT INTO incident_transition (incident, seq, row, action, from_state, to_state, actor_kind, at, actor_name, reason,
  detail, became, whole, prev_hash, hash)
  SELECT incident, seq + 1, 'E64', 'edit', to_state, to_state, 'user', now(), 'bench', '', detail, became, whole, hash,
  sha256(hash) FROM incident_transition WHERE incident = :i::uuid ORDER BY seq DESC LIMIT 1;
WITH counted AS (INSERT INTO stream_counter AS c (stream, number) VALUES (:s, 1)
  ON CONFLICT (stream) DO UPDATE SET number = c.number + 1 RETURNING number)
  INSERT INTO change_log (stream, number, at, order_id, kind, body)
  SELECT :s, number, now(), gen_random_uuid(), 'case', decode(repeat('00', {body}), 'hex') FROM counted;
INSERT INTO answered_order (order_id, incident, version, stream, number, at)
  VALUES (gen_random_uuid(), :i::uuid, 1, :s, 1, now());
COMMIT;
\\endpipeline
"""


def transactions_a_second(settings: Settings, clients: int, seconds: int) -> float:
    """Transitions a second that the database alone commits for so many clients. The ledger is spoilt by it."""
    with psycopg.connect(**settings.connect_arguments(OWNER_ROLE)) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_case")
        connection.execute(_TARGETS)
        connection.execute("CREATE UNIQUE INDEX ON bench_case (n)")
        connection.execute(f"GRANT SELECT ON bench_case TO {APP_ROLE}")
        for table in ("bench_case", "incident", "incident_transition", "timer", "assignment", "change_log"):
            connection.execute(f"ANALYZE {table}")
        row = connection.execute(
            "SELECT (SELECT count(*) FROM bench_case), "
            "(SELECT coalesce(avg(octet_length(body)), 2000)::int FROM change_log WHERE kind = 'case')"
        ).fetchone()
    assert row is not None, "an aggregate has a row"
    count, body = row
    if count < clients:
        raise ValueError(f"{count} open incidents are too few for {clients} clients")
    script = _SCRIPT.format(count=count, clients=clients, body=body, load=LOAD_FOR_ORDER.replace("%s", ":i::uuid"))
    with tempfile.TemporaryDirectory(prefix="gridwarden-pgbench-") as folder:
        path = Path(folder) / "transition.sql"
        path.write_text(script, encoding="utf-8")
        said = subprocess.run(
            [
                *(str(find_binaries() / "pgbench"), "--no-vacuum", "--protocol", "prepared", "--file", str(path)),
                *("--client", str(clients), "--jobs", "2", "--time", str(seconds)),
                *("--host", str(settings.postgis.socket_folder), "--port", str(PORT), "--username", APP_ROLE),
                settings.database,
            ],
            env={"PGPASSWORD": settings.postgis.password_of(APP_ROLE), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=seconds + 60,
            check=False,
        )
    found = re.search(r"tps = ([\d.]+)", said.stdout)
    if said.returncode or found is None:
        raise RuntimeError(f"pgbench: {said.stderr[-500:]}")
    return float(found.group(1))
