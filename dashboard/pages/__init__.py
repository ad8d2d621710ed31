"""The pages staff work on, one module a subject. Each: load, decide, render."""
