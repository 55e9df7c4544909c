"""Weather profiles as data: one file each, with what it tells and where its figures are from."""
