"""Rasa actions: they answer from the knowledge base and write nothing."""
