"""The simulated outside world: field force, reporters and cameras; it speaks only the public intake protocols."""
