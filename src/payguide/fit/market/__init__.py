"""The market: one model of pay and one stated population, from which every figure of a guide is read."""
