"""What young people say, as numbers that give nobody away: periods, counts, releases, reports."""
