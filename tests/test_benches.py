"""What the bench of the life cycle measures in which order, and what it says of it."""

from __future__ import annotations

from bench.lifecycle import SIZES, WARM_UP_S, alone, flat_out


def test_the_peer_of_most_clients_runs_before_others_lengthen_the_logs() -> None:
    ran: list[tuple[int, float]] = []
    found = alone(lambda count, for_s: float(ran.append((count, for_s)) or count), 12.0)
    assert ran == [(1, WARM_UP_S), *((count, 12.0) for count in sorted(SIZES, reverse=True))]
    assert found == {f"pgbench_transactions_a_second_{count}": count for count in SIZES}


def test_desks_flat_out_tell_their_slowest_orders_too() -> None:
    found = flat_out(lambda count: {"orders_a_second": 1.0, "ms": {"p50": count, "p99": 9 * count}, "refused": {}})
    assert [found[f"order_ms_p99_{count}_desks_flat_out"] for count in SIZES] == [9 * count for count in SIZES]
