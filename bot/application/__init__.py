"""Use cases: one module per thing a person does. Who does what in which order, in one transaction."""
