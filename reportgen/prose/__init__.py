"""What the authors write: live numbers, mathematics, pictures, citations, typed numbers and claims."""
