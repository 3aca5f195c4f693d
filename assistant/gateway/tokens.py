"""Conversation tokens: made here, kept only as a hash."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """Return 32 random bytes, URL-safe."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return the SHA-256 of a token as 64 hex characters."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def matches(token: str, token_hash: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(digest(token), token_hash)


def rasa_name(conversation_id: str) -> str:
    """Return the name under which Rasa knows a conversation; the caller cannot choose or guess it."""
    return hashlib.sha256(b"rasa:" + conversation_id.encode()).hexdigest()[:32]
