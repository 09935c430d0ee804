"""The ASGI application: web chat and health."""
