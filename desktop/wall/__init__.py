"""The display of a wall: one window over its screens, slot by slot what the server laid out; nobody touches it."""
