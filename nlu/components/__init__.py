"""Our parts of Rasa's pipeline. They run in Rasa's Python 3.10 and nowhere else."""
