"""Zero-shot sub-actions measured: every method on every set, one table each.

`python -m benchmarks.motion` prints all tables (`make bench-motion`). While tuning, ask for less:

    python -m benchmarks.motion --set utkinect --mode script --method live --limit 5 --timelines

`--set`, `--mode` and `--method` may be given several times; `--model` takes any model folder,
`--set` any folder of recordings in the canonical format (`benchmarks.motion.canonical`).
Recordings are encoded once, by the way that the live service takes; methods then work on the same
encoded frames, so that a run of one method costs seconds.
"""
