//! What is to come: calls and handle times per interval, out of what has been.
