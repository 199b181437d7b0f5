"""The field's nouns: frozen values without I/O, open to every room."""
