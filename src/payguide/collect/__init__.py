"""The world -> Document: one file per kind of source."""
