"""Reading revision pages, and the drafts made of them. The front door is :mod:`knowledge.importer`."""
