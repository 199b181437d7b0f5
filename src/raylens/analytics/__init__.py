"""What sets traces apart: distributions, groupings, and the comparison of two sets."""
