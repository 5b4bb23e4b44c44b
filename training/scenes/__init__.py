"""Rendered scenes: people from the motion synthesiser do things with objects, and what to call it.

`scene.draw(rng, split)` makes one; `scene.Scene.frame(time_s)` renders it at any time.
"""
