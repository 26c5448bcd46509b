"""Dated, referenced facts of the world, each read in one place, by every room and by the page alike."""
