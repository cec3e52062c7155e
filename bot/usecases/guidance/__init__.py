"""Guidance: asked by anyone, answered by the coordinators of a team, closed with a theme only."""
