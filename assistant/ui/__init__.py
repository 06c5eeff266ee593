"""The web page: a chat in Gradio, the documents behind it, and their texts in Dutch and English."""
