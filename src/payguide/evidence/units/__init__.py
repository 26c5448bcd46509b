"""From statements of pay to distinct pieces of evidence, those that count, and who reads these one by one."""
