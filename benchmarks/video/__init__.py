"""How right the heatmaps are: `python -m benchmarks.video`.

The measure is the pointing game: does the best point lie in the box of the one who is meant, mean
over prompts. The image's centre and a random actor always stand beside it.
"""
