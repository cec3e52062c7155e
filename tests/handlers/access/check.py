"""The people who are refused in most trials of the access table: not those whom a row is about."""

#: A seat holder, somebody being asked, a coordinator who has not confirmed, and a stranger.
OTHERS = ("politi-exit", "sosialtjenesten", "vara-koordinator", "utenforstaende")
#: A coordinator, a seat holder, a colleague without a part, and a stranger.
NOT_OWNERS = ("koordinator", "barnevern", "politi-vakt", "utenforstaende")
STRANGERS = ("politi-exit", "sosialtjenesten", "utenforstaende")
#: The same, and the one who asked: what is decided is the coordinators' alone.
NOT_THE_TEAM = ("helse", *STRANGERS)
#: Those who see no more of the case than that there is one.
OUTSIDE_ROOM = ("sosialtjenesten", "vara-koordinator", "utenforstaende")
#: Also somebody in the room, for another agency.
NOT_THEIRS = ("barnevern", *OUTSIDE_ROOM)
