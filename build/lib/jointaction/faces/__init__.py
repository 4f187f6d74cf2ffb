"""How one model gets two faces: arithmetic, sheets, controls, figures, and the page and kernel that show them.

Nothing in this folder knows what the book is about.
"""
