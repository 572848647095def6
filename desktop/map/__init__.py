"""The 2.5D map of a district: camera, layers, labels, picking."""
