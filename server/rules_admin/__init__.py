"""The rules as an administrator works on them: files checked, compared, loaded for a day, written out again."""
