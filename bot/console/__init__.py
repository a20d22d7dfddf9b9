"""The console: what staff see in a browser. Loaded with the web, after the first messages."""
