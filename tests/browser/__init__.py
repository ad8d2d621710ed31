"""Pages in a real browser, with axe looking over them."""
