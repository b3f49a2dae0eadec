"""One module per part of the conversation: each reads an event, names the use case and the view, and returns."""
