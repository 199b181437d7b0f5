"""AWS-compatible HTTP: bytes to typed requests, answers to bytes."""
