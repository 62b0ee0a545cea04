"""Running text: who and what is found in bodies of mails, minutes, chats, notes, and in cells that say something."""
