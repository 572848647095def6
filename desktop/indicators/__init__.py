"""The indicators of a month on the desk: figures beside targets, four charts, a file for a spreadsheet."""
