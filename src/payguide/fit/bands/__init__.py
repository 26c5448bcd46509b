"""Direct estimates: what each source says by itself, aged, pooled and counted."""
