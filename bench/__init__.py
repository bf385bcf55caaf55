"""Measurements of the site, from outside: `make bench` prints one JSON object last. docs/performance.md tells how."""
