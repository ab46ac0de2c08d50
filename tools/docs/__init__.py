"""The guide: docs/guide and the reference pages as a static site."""
