"""上墙: what an officer pushes to a display wall, by the key W or a line, and what the wall truly shows."""
