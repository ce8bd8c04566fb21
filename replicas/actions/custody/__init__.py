"""Custody: who holds a replica (recording), to whom it may pass (transferring), when it is destroyed (destroying), what
the clock does to all of it (clockwork), and what people are told (telling)."""
