"""Opening a case with six agencies as a coordinator does it, by typing and filling in."""

from __future__ import annotations

from sandbox import Sandbox

AGENCIES = ("Politiet", "Barneverntjenesten", "Sosialtjenesten", "Bistandsadvokat", "Helsetjenesten", "UDI")


async def open_case(sandbox: Sandbox) -> None:
    """From the command to «Se over og send», sent.

    Raises:
        RuntimeError: a form was refused.
    """
    koordinator = sandbox.person("koordinator")
    await koordinator.types("/tot sak i overmorgen kl 10")
    await koordinator.sees_modal("Opprett sak")
    await koordinator.fills(
        {
            "Hvem ba om TOT?": "Politiet",
            "Hvor mange personer": "2",
            "Etater som spørres nå": list(AGENCIES),
            "Sted": "Møterom Nord",
        }
    )
    for _ in ("the form", "its review"):
        refused = await koordinator.submits()
        if refused:
            raise RuntimeError(f"the case was not opened: {refused}")
