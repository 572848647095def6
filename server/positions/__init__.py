"""Positions: from packed fixes of enrolled senders to the newest of every worker, the lane and the tracks."""
