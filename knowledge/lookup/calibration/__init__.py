"""Development queries: what learners type, written by hand or made from the glossary by repeatable slips."""
