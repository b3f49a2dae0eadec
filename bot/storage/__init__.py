"""SQL lives here and nowhere else. The rest of the code sees :class:`Store` and :class:`Tx`."""

from bot.storage.store import Store, open_store
from bot.storage.tx import Tx

__all__ = ["Store", "Tx", "open_store"]
