"""payguide: turns pay evidence into a salary guide in which every number can be checked."""

__version__ = "0.1.0"
