"""The web side of the bot: one app for the web chat, the API and the pages. Loaded after the first messages."""
