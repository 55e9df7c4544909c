"""Streaming: CometD, its messages and its long polls."""
