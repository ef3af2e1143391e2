"""Whole machines with a Debian of their own, booted in namespaces that leave nothing behind."""
