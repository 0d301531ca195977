"""The steps of a session in the world of stepping/, which all debuggers make."""


def session(order, after_entry=()):
    """[(step, the mark where it ends, the marks of the lines that are on the stack then, the innermost first)].

    `order`: the marks that a debugger shows of the callers of till's function. `after_entry`: more steps at the entry of rate_.
    """
    return [
        ("break call", None, ()),
        ("continue", "call", order),
        ("over", "over", order),
        ("continue", "call", order),
        ("into", "declared", ("rate_", *order)),
        *after_entry,
        ("break many", None, ()),
        ("continue", "many", ("percent", "rate_", *order)),
        ("clear call", None, ()),
        ("break rate", None, ()),
        ("continue", "rate", ("greatest",)),
        ("into", "import", ("direct", "greatest")),
        ("into", "declared", ("direct", "greatest")),
    ]
