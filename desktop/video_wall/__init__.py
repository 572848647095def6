"""Pictures of cameras: players, tiles, and which cameras see a place."""
