"""The bundled CLIP: a small ViT with GEM maps, taught by rendered scenes; texts by MiniLM."""
