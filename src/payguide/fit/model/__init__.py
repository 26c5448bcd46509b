"""The estimator: one profile in, a distribution of pay out."""
