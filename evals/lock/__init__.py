"""The lock: whether the verifier stops sentences that change a fact, and lets honest ones through."""
