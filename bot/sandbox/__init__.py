"""A loopback Bot API server and a chat page: the whole product on this machine, without a token.

`server` plays Telegram over HTTP, `world` is what it knows, `people` are the ones who write to the bot, `launcher`
runs the real bot beside it. Nothing is imported here: the launcher starts the bot before it loads the web server.
"""
