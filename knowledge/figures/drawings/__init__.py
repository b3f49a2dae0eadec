"""One module for each figure. The module is named as the figure's id, and its ``draw()`` returns the drawn card."""
