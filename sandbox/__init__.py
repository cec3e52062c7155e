"""A local Slack workspace that an unmodified bot talks to over real HTTP and a real WebSocket."""

from sandbox.activity import Activity
from sandbox.clock import MovableClock
from sandbox.faults import Fault
from sandbox.people.person import Person
from sandbox.people.visibility import CouldNot, Seen
from sandbox.server import Sandbox
from sandbox.settings import Settings

__all__ = ["Activity", "CouldNot", "Fault", "MovableClock", "Person", "Sandbox", "Seen", "Settings"]
