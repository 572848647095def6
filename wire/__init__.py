"""Bytes to governance types and back; no sockets here."""
