"""What the bench of the life cycle measures in which order, and what it says of it."""

from __future__ import annotations

from bench.lifecycle import SIZES, alone


def test_the_peer_of_most_clients_runs_before_others_lengthen_the_logs() -> None:
    ran: list[int] = []
    found = alone(lambda count: float(ran.append(count) or count))
    assert ran == sorted(SIZES, reverse=True)
    assert found[f"pgbench_transactions_a_second_{SIZES[-1]}"] == SIZES[-1]
