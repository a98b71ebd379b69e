"""The 50-digit reference tables; see ../generate.py for how to run them and what they hold."""
