"""The Rasa project: domain, rules, pipeline, and the small modules that join Rasa to the gateway."""
