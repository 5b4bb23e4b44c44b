"""The error tree of the whole project, rooted here because `engines` imports nothing else of ours.

LivegroundError
├── EngineError            what went wrong inside a model or an array
│   ├── ModelError         a model folder is missing, damaged or of the wrong kind
│   ├── ShapeError         an array has the wrong shape, dtype or values
│   ├── ImageError         the bytes are no picture that can be used
│   └── PromptError        steps, prompts or an instruction cannot be used
└── StreamError            (stream/errors.py) what went wrong on a connection

Every class has a wire `code`; `stream.errors.to_wire` is the one place that turns errors into
messages.
An error's text says what was wrong, what was expected and what to do about it.
"""


class LivegroundError(Exception):
    """Root of every error that liveground raises on purpose."""

    code = "internal"


class EngineError(LivegroundError):
    """Something inside the engines refused its input."""

    code = "engine"


class ModelError(EngineError):
    """A model folder is missing, damaged, of the wrong kind, or its runtime is not installed; or
    examples belong to another model."""

    code = "model"


class ShapeError(EngineError):
    """An array has the wrong shape, dtype, or holds values that are not finite."""

    code = "bad_joints"


class ImageError(EngineError):
    """The bytes are no JPEG, or none that can be decoded."""

    code = "bad_image"


class PromptError(EngineError):
    """Steps, prompts or an instruction are empty, too long or too many."""

    code = "bad_prompt"
