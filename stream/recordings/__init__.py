"""Sessions on disk: one MCAP file each, written by servers and clients, read by `replay`.

`topics` (pure) says what goes where; `writing` and `reading` are files; `recorder` is the thread
between a session and its file, so that no disk ever holds up a session.
"""
