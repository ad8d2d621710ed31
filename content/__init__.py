"""What we say: files with an owner, a source and an expiry, and the library that reads them."""
