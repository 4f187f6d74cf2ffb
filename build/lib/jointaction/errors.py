"""The error a reader may meet: one sentence, without a traceback."""


class InputError(ValueError):
    """A value, a name or a file that the book cannot use; the message is one full sentence.

    IPython and Jupyter ask an exception for `_render_traceback_` before drawing a traceback,
    so a notebook shows the sentence alone. Plain Python still prints a normal traceback.
    """

    def _render_traceback_(self) -> list[str]:
        return [str(self)]
