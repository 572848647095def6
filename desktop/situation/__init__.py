"""The situation (态势): the desk's replica of what its post may see; plain Python and numpy, main thread only."""
