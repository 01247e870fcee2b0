"""Addresses and accounts that whoever deployed the app has put into Streamlit's secrets or the environment."""

from __future__ import annotations

import os

import streamlit as st


def secret(name: str) -> str | None:
    """The value under a name; None if there is none."""
    # asked first, since looking into secrets that do not exist shows an error on the page
    if st.secrets.load_if_toml_exists() and st.secrets.get(name):
        return str(st.secrets[name])
    return os.environ.get(name) or None


def moodle() -> dict[str, str | None] | None:
    """Address and account of a Moodle server, if there are both.

    They go together: an account must not be sent to an address that a visitor has typed.
    """
    found = {key: secret(f"SCHOOLKIT_MOODLE_{key.upper()}") for key in ("url", "token", "username", "password")}
    has_account = found["token"] or (found["username"] and found["password"])
    return found if found["url"] and has_account else None


def google() -> tuple[str, str] | None:
    """Id and secret of an OAuth client for Google, if there are both."""
    client_id, client_secret = secret("SCHOOLKIT_GOOGLE_CLIENT_ID"), secret("SCHOOLKIT_GOOGLE_CLIENT_SECRET")
    return (client_id, client_secret) if client_id and client_secret else None
