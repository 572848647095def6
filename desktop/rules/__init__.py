"""The rules on an administrator's desk: versions, tables, a draft, what is wrong in it and what it would make different."""
