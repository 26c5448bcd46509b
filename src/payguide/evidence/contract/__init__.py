"""What a statement of pay must keep to count as evidence, and where it lies that does not."""
