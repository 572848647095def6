"""Shifts: what desks ask about them, the papers of hand-overs, and the watch over hand-overs that take too long."""
