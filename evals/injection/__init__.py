"""Instructions in questions and documents: whether the assistant does anything but answer."""
