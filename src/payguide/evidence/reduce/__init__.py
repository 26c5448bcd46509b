"""From pieces of evidence to sums: histograms, cross products of regressions, tallies, each with its replicates."""
