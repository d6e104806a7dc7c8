"""Azure as the operator calls it: sessions, ids, error classification, one adapter per service."""
