"""Who: records, invitations, working hours, and whose business a request is."""
