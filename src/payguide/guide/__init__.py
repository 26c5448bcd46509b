"""Published figures -> claims, tables, charts, site."""
