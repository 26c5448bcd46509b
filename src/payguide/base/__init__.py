"""The nouns every stage exchanges. Imports nothing of ours."""
