"""The panels of the page, one per file: pure rendering to HTML, and the Gradio blocks that show it."""
