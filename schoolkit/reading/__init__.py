"""Duplicate books in pupils' reading records (독서활동상황)."""
