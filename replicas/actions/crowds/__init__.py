"""What is done to a crowd: prepared and sent by its house, answered person by person, filled, ended."""
