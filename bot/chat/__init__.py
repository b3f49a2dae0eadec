"""Telegram: what arrives is read here, and what is said gets its words and buttons here."""

import warnings

# Every flood warning from Telegram would otherwise also warn about a coming change of an attribute's type.
warnings.filterwarnings("ignore", message=".*retry_after.*", category=DeprecationWarning)
