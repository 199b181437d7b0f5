"""What raylens answers beside the X-Ray API, below `/api/v1/`."""
