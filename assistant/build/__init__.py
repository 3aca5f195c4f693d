"""Making what serving needs: the encoder, the index and the dialogue model, each step only when it is stale."""
