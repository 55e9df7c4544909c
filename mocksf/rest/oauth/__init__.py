"""OAuth and OpenID: every grant, the pages that it needs, tokens, identities and keys."""
