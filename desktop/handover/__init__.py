"""Shifts on the desk: handing over and taking over, the duty log, the roll call."""
