from replicas.access.requests import get_request, requests_of, requests_seen_by, sides_of

__all__ = ["get_request", "requests_of", "requests_seen_by", "sides_of"]
