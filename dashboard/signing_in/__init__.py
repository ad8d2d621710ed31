"""Who is at the door: accounts, sessions that live on the server, and the pages to come in by."""
