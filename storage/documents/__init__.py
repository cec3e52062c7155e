"""What is stored as one sealed document: a case, a question, a request, a joint meeting, a drill."""
