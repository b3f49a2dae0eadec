"""Tutoring rules. Pure: values in, values out; time and chance are arguments."""
