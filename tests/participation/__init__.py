"""Reports about what young people say."""
