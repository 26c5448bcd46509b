"""Document -> Observation | Rejection: pure functions of text and bytes."""
