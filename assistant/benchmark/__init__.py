"""How fast the assistant is and what it needs, measured on this machine; beside a stock Rasa bot where one is given."""
