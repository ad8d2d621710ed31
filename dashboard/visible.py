"""What is written and cannot be seen, made visible."""

#: What Unicode hides, made visible: nobody is to read other words than were sent (SEC-43).
HIDDEN = {
    code: f"[U+{code:04X}]"
    for code in (
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        0x2060,
        *range(0x2066, 0x206A),
        0xFEFF,
    )
}
