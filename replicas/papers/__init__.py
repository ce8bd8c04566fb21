"""Papers people print or send on: the letter of a claim, a performer's whole scan register."""
