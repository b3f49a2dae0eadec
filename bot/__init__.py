"""The tutor: who is learning, what comes next, when to speak, and how to say it on Telegram."""
