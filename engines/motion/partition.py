"""Language semantic partition by grammar: an instruction becomes ordered sub-actions. Pure."""


def split(instruction: str) -> list[str]:
    """Ordered steps of an instruction, each understandable alone."""
    return [
        part.strip()
        for part in instruction.replace(", then", " then").split(" then ")
        if part.strip()
    ]
