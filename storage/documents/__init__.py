"""Sealed documents: each case, question, request, joint meeting and drill is one document."""
