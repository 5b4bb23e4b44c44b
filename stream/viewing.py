"""What one camera's session has the models do next. Pure.

At most one job is with the thread that follows frames, and at most one with the model; the rest
waits here, in one place for the newest frame and a bounded row of questions. So a frame that comes
while another is followed takes the place of the one that waits (`busy`), and the model sees a new
key frame as soon as it is free, if the picture has changed, and once more when it has stood still.
"""

from collections import deque
from dataclasses import replace
from typing import Final

from engines.video.engine import Grounding
from stream.frames import Frame
from stream.jobs import Mark
from stream.ledger import Ledger
from stream.states import Action, See, Send
from stream.video_jobs import Ask, Key, Look, VideoDone, View


class Viewing:
    """Frames and prompts in, jobs out; their results in, and what comes next out."""

    def __init__(self, ledger: Ledger) -> None:
        self.view: View | None = None
        """Of the newest frame that was followed..."""
        self.newest: Mark | None = None
        """...and which frame that is."""
        self.config = 0
        """The configuration that its maps belong to."""
        self.key_frames = 0
        self.unchanged = 0
        self._ledger: Final = ledger
        self._waiting: Look | None = None
        self._questions: deque[Ask] = deque()
        self._asked = False
        self._looking = False
        self._grounding = False
        self._landing: tuple[Grounding | None, int] | None = None
        self._forgetting = False

    @property
    def idle(self) -> bool:
        """Nothing is with the models, and nothing waits for them."""
        return not (self._looking or self._grounding or self._waiting or self._questions)

    # ------------------------------------------------------------------ what the client says

    def take(self, frame: Frame, time_s: float, mark: Mark) -> list[Action]:
        """A frame; the one that waits gives way to it."""
        gone, self._waiting = self._waiting, Look(frame, time_s, mark, None)
        dropped = [] if gone is None else [Send(self._ledger.displace(gone.mark, "busy"))]
        return [*dropped, *self.go_on()]

    def ask(self, question: Ask) -> list[Action]:
        """Other prompts."""
        self._questions.append(question)
        return self.go_on()

    def forget(self) -> None:
        """The clock was set anew: no frame from before counts any more."""
        self.view = self._waiting = None
        self._forgetting = self._looking

    # ------------------------------------------------------------------ what the models say

    def looked(self, done: VideoDone) -> bool:
        """A frame was followed, or maps were drawn; returns whether there is something to tell."""
        assert isinstance(done.job, Look)
        forgotten, self._forgetting, self._looking = self._forgetting, False, False
        if forgotten or not isinstance(done.result, View):
            return False
        view = done.result
        if done.job.frame is None and self.view is not None:
            view = replace(view, picture=self.view.picture)
        elif not view.scene.due and not self._grounding:
            self.unchanged += 1
        self.view, self.newest = view, done.job.mark
        return view.scene.maps is not None

    def grounded(self, done: VideoDone, config: int) -> None:
        """The model has seen a key frame, or has taken the prompts of this configuration."""
        self._grounding = False
        answer = done.result if isinstance(done.result, Grounding) else None
        self._asked = self._asked or done.error is None
        if answer is not None or isinstance(done.job, Key):
            self._landing = answer, config

    def go_on(self) -> list[Action]:
        """The next jobs, for whoever is free."""
        if self._looking:
            return self._question()
        redraw = self._land()
        return [*(self._question() or self._key()), *self._look(redraw)]

    # ------------------------------------------------------------------ in between

    def _land(self) -> bool:
        """Take the model's answer over into the newest frame; whether it has to be drawn."""
        landing, self._landing = self._landing, None
        if landing is None or self.view is None:
            return False
        grounding, config = landing
        scene = self.view.scene.returned(grounding)
        if grounding is None:
            self.view = replace(self.view, scene=scene, picture=None)
            return False
        self.config = config
        self.view = replace(self.view, scene=scene)
        return True

    def _question(self) -> list[Action]:
        if self._grounding or not self._questions:
            return []
        self._grounding = True
        return [See(self._questions.popleft())]

    def _key(self) -> list[Action]:
        """The newest frame is the next key frame, if the model should see it."""
        view = self.view
        if self._grounding or not self._asked or view is None or view.picture is None:
            return []
        if not view.scene.due or self.newest is None:
            return []
        self._grounding = True
        self.key_frames += 1
        self.view = replace(view, scene=view.scene.departed(), picture=None)
        return [See(Key(view.picture, view.scene.time_s, self.newest))]

    def _look(self, redraw: bool) -> list[Action]:
        scene = None if self.view is None else self.view.scene
        job, self._waiting = self._waiting, None
        if job is not None:
            job = replace(job, scene=scene)
        elif redraw and scene is not None and self.newest is not None:
            job = Look(None, scene.time_s, self.newest, scene)
        else:
            return []
        self._looking = True
        return [See(job)]
