"""Groups: named filter expressions and what they contain."""
