"""The version of the code, which an edition, a pack and a store's runs record."""

VERSION = "0.1.0"
