"""Intake (受理): reports, worker orders and positions that come from outside over HTTPS."""
