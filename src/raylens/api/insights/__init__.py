"""Questions about insights, for the console and the command line."""
