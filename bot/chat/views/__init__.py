"""Outcomes become text and buttons here. Pure: the same outcome always reads the same."""
