"""The subject expert: what is known, how to find it, how to mark an answer about it."""
