"""Boundaries of grids, communities and streets as data: read, checked, mended, edited and written; no database, no screen."""
