"""Towns to work on: read from OpenStreetMap or generated from a seed, and packed for the desks."""

from gis_data.town.bad_town import BadTown as BadTown
