"""Who is compared with whom: each peer is a server process, and says how a reader comes in and how one event is published."""
