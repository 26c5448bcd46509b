"""The one room that knows every stage: it wires them and does no arithmetic of its own."""
