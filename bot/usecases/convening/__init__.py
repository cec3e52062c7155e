"""Asking that TOT convenes: by any agency or anyone else, decided by the coordinators of a team."""
