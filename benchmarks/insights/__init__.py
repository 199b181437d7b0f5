"""How well insights find incidents and name their causes: recorded services with known faults, one module a track."""
