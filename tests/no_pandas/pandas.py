"""In the place of pandas, which only Spark's extra brings: Arrow would import it at its first list, for 0.6 s."""

raise ImportError("the processes that tests start have no pandas, as those of a user without Spark")
