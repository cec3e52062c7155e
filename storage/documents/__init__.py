"""Sealed documents: a case, a question, a request, a joint meeting and a drill are one each."""
