"""The dialogue design and the services around it: gateway, storage, staff pages, build and supervisor."""
