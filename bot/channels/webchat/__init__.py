"""The web chat: a page of our own, server-sent events down, POST up."""
