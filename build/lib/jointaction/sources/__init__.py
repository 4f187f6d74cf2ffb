"""Where numbers come from: the tables, the facts that prose states, and how both are shown and checked.

Nothing in this folder knows what the book is about.
"""
