"""A local Slack workspace that an unmodified bot talks to over real HTTP and a real WebSocket."""

from sandbox.box import Sandbox
from sandbox.clock import MovableClock
from sandbox.faults import Fault
from sandbox.moments import Moment
from sandbox.person import Person
from sandbox.seeing import CouldNot, Seen
from sandbox.settings import Settings

__all__ = ["CouldNot", "Fault", "Moment", "MovableClock", "Person", "Sandbox", "Seen", "Settings"]
